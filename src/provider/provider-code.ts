/** A number or string as a trimmed string, "" for what means "none" ("", "0", 0, null), undefined for the rest. */
export function readCode(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '0' ? '' : text;
}

/** The provider's code, if it is one: a sentence may quote the number, the text or the key. */
export function printableCode(code: string): string | undefined {
  const joined = code.replaceAll(/[_.-]/g, '');
  return /^[A-Za-z0-9_.-]{1,40}$/.test(code) && !/\d{5}|[0-9a-f]{16}/i.test(joined) ? code : undefined;
}

/** Whether a code repeats what must not be told, in whole or in a part that is long enough to tell something. */
export function isEchoOf(code: string, secret: string): boolean {
  return secret.trim() === code || (code.length >= 6 && secret.includes(code));
}
