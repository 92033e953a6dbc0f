/** A line of a table, and where it begins in the text. */
export interface CsvRow {
  /** From 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** What separates the fields: a spreadsheet of a French computer writes semicolons. */
const SEPARATORS = [';', '\t', ','] as const;

/**
 * The rows of comma-separated values (RFC 4180), with the separator that the first line holds.
 * Blank lines are left out, and white space around fields; undefined if a quote is left open.
 */
export function parseCsv(text: string): readonly CsvRow[] | undefined {
  const [head = ''] = text.trimStart().split(/\r?\n|\r/, 1);
  const separator = SEPARATORS.find((candidate) => head.includes(candidate)) ?? ',';
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let line = 1;
  let begin = 1;
  const endRow = () => {
    if (fields.some((field) => field !== '')) rows.push({ line: begin, fields });
    fields = [];
    begin = line;
  };
  // A field in quotes, or without, and what ends it.
  const pattern = new RegExp(
    `[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^"${separator}\r\n][^${separator}\r\n]*)?)(${separator}|\r\n|\n|\r|$)`,
    'gy',
  );
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [whole, quoted, bare = '', end] = match;
    fields.push((quoted?.replaceAll('""', '"') ?? bare).trim());
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end !== separator) endRow();
  }
  endRow();
  return rows;
}
