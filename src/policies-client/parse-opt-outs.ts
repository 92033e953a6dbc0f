import type { CountryCode } from 'libphonenumber-js';
import type { OptOutRow } from '../db/policy-store/opt-outs.js';
import { SmsError } from '../domain/errors.js';
import { isRecord } from '../domain/is-record.js';
import type { OptOutSource } from '../domain/opt-out-source.js';
import { parseTimestamp } from '../domain/timestamp.js';
import { parseCsv } from './parse-csv.js';
import { toOptOutRow } from './opt-out-row.js';
import { invalid } from './read-fields.js';
import type { NewOptOut } from './sms-opt-outs.js';

/** How lines are read that leave something out. */
export interface ParseOptions {
  readonly accountId: string | undefined;
  readonly source: OptOutSource;
  readonly defaultRegion: CountryCode;
}

type Field = keyof NewOptOut;

/** What columns and keys are called: here, in the table, and in the lists of others. */
const FIELDS: Readonly<Record<string, Field>> = {
  accountid: 'accountId',
  account: 'accountId',
  recipientphone: 'recipientPhone',
  phone: 'recipientPhone',
  phonenumber: 'recipientPhone',
  number: 'recipientPhone',
  mobile: 'recipientPhone',
  telephone: 'recipientPhone',
  numero: 'recipientPhone',
  optedoutat: 'optedOutAt',
  source: 'source',
  inboundid: 'inboundId',
};

/** A line, by field. */
interface Entry {
  readonly line: number;
  readonly values: Partial<Record<Field, unknown>>;
}

/** The most problems that a message lists. */
const MAX_PROBLEMS = 10;

/**
 * Reads a list of opt-outs: JSON lines, or comma-separated values.
 *
 * @throws SmsError VALIDATION_FAILED that names the lines that are wrong, and quotes none of them
 */
export function parseOptOuts(text: string, options: ParseOptions): readonly OptOutRow[] {
  // A byte order mark is white space to trim().
  const content = text.replace(/^\uFEFF/, '');
  const entries = content.trimStart().startsWith('{') ? readJsonLines(content) : readTable(content);
  const rows: OptOutRow[] = [];
  const problems: string[] = [];
  let wrong = 0;
  for (const { line, values } of entries) {
    try {
      rows.push(toRow(values, options));
    } catch (error) {
      if (!(error instanceof SmsError)) throw error;
      wrong++;
      if (problems.length < MAX_PROBLEMS) problems.push(`line ${line}: ${error.message}`);
    }
  }
  if (wrong === 0) return rows;
  const more = wrong > problems.length ? [`and ${wrong - problems.length} more lines`] : [];
  throw invalid(
    `The list was not imported, as ${wrong} of its ${entries.length} lines ${wrong === 1 ? 'is' : 'are'} wrong. ${[...problems, ...more].join(' ')}`,
  );
}

function toRow(values: Entry['values'], { accountId, source, defaultRegion }: ParseOptions): OptOutRow {
  const account = values.accountId ?? accountId;
  if (account === undefined)
    throw invalid('accountId is missing: name it in the list, or for the whole list.');
  return toOptOutRow(
    {
      accountId: account,
      recipientPhone: values.recipientPhone,
      source: values.source ?? source,
      inboundId: values.inboundId,
      optedOutAt: values.optedOutAt === undefined ? undefined : toDate(values.optedOutAt),
    },
    defaultRegion,
  );
}

/** ISO 8601, or as `psql` and COPY write it: `2030-01-31 09:00:00.123+00`. */
function toDate(written: unknown): Date {
  const text =
    typeof written === 'string' ? written.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00') : written;
  const atMs = parseTimestamp(text);
  if (atMs === undefined)
    throw invalid('optedOutAt must be a time in ISO 8601 with a zone, such as 2030-01-31T09:00:00Z.');
  return new Date(atMs);
}

function readJsonLines(text: string): readonly Entry[] {
  return text.split(/\r?\n/).flatMap((content, index): Entry[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    const values = parseObject(content);
    if (values === undefined)
      throw invalid(`The list was not imported: line ${line} is not a JSON object. Write one object a line.`);
    return [{ line, values: byField(Object.entries(values)) }];
  });
}

function parseObject(content: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readTable(text: string): readonly Entry[] {
  const rows = parseCsv(text);
  if (rows === undefined)
    throw invalid('The list was not imported: a quote in it is never closed, or stands within a field.');
  const [head, ...others] = rows;
  if (head === undefined) return [];
  const names = head.fields.map(fieldOf);
  if (!names.includes('recipientPhone')) {
    if (rows.every(({ fields }) => fields.length === 1))
      return rows.map(({ line, fields: [recipientPhone] }) => ({ line, values: { recipientPhone } }));
    throw invalid('The list was not imported: its first line must name the columns, and one of them phone.');
  }
  return others.map(({ line, fields }) => ({
    line,
    values: byField(fields.map((value, index) => [head.fields[index] ?? '', value])),
  }));
}

/** The values of known fields; what is empty is left out. */
function byField(entries: readonly (readonly [string, unknown])[]): Entry['values'] {
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const field = fieldOf(name);
      return field === undefined || value === '' || value === null ? [] : [[field, value]];
    }),
  );
}

function fieldOf(name: string): Field | undefined {
  const plain = name
    .normalize('NFD')
    .replaceAll(/[\p{M}\s_-]/gu, '')
    .toLowerCase();
  return Object.hasOwn(FIELDS, plain) ? FIELDS[plain] : undefined;
}
