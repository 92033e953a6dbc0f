/**
 * A number or string as a trimmed string, "" for what means "none" ("", "0", 0, null), undefined
 * for the rest.
 */
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

/**
 * The length at which a part of a code reveals something, in characters: shorter parts are words
 * that codes are made of.
 */
const TELLING_PART = 8;

/** Whether a code repeats a secret, in whole or in part, however it is written or encoded. */
export function isEchoOf(code: string, secret: string): boolean {
  if (secret.trim() === code || (code.length >= 6 && secret.includes(code))) return true;
  const bare = plain(code);
  const writings = writingsOf(secret).map(plain);
  for (let from = 0; from + TELLING_PART <= bare.length; from++) {
    const part = bare.slice(from, from + TELLING_PART);
    if (writings.some((writing) => writing.includes(part))) return true;
  }
  return false;
}

/**
 * In base64, a part of the secret looks as it does in the whole if it is encoded from the same of
 * three places on.
 */
function writingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((from) => [
      bytes.subarray(from).toString('base64'),
      bytes.subarray(from).toString('base64url'),
    ]),
  ];
}

/** What codes can hold, without what only joins it, in one spelling. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}
