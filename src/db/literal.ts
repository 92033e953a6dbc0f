/** A string or number as a literal, whatever standard_conforming_strings says. */
export function toLiteral(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') throw new TypeError('A query parameter must be a string or a number.');
  if (value.includes('\0')) throw new TypeError('A query parameter must not contain a zero byte.');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
