import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** What must not be exposed, and its name in a report. */
export interface Secret {
  readonly name: string;
  readonly kind: 'key' | 'number' | 'text';
  readonly value: string;
}

/** The bytes that give a secret away, and what they are. */
export interface SecretForm {
  readonly form: string;
  readonly bytes: Buffer;
}

const SEPARATORS = [' ', '.', '-', '\u00a0', '\u202f'];

/** A word of a text that is unusual enough to be recognised. */
const UNUSUAL_WORD = /\p{L}{8,}/gu;

/**
 * Every way in which a secret may be written down: all that it says, in all that it may be encoded
 * as.
 */
export function formsOf(secret: Secret): SecretForm[] {
  const seen = new Set<string>();
  return wordingsOf(secret)
    .flatMap(([wording, value]) =>
      encodingsOf(value).map(([encoding, bytes]) => ({ form: `${wording}, ${encoding}`, bytes })),
    )
    .filter(({ bytes }) => !seen.has(bytes.toString('latin1')) && seen.add(bytes.toString('latin1')));
}

function wordingsOf({ kind, value }: Secret): [wording: string, value: string][] {
  switch (kind) {
    case 'key': {
      const middle = Math.floor(value.length / 2);
      return [
        ['whole', value],
        ['first half', value.slice(0, middle)],
        ['second half', value.slice(middle)],
      ];
    }
    case 'number':
      return numberWordings(value);
    case 'text':
      return [
        ['whole', value],
        ...(value.match(UNUSUAL_WORD) ?? []).flatMap((word): [string, string][] => [
          ['a word', word],
          ['a word in capitals', word.toUpperCase()],
        ]),
      ];
  }
}

/** Without what may world in front: the digits after +33, 0033 and 0 are the same. */
function numberWordings(value: string): [string, string][] {
  const number = parsePhoneNumberFromString(value, 'FR');
  if (number === undefined) throw new TypeError('This is not a phone number.');
  const [, ...groups] = number.formatInternational().split(' ');
  return [
    ['digits', number.nationalNumber],
    ...SEPARATORS.map((separator): [string, string] => [
      `groups, joined by ${JSON.stringify(separator)}`,
      groups.join(separator),
    ]),
  ];
}

function encodingsOf(value: string): [encoding: string, bytes: Buffer][] {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const texts: [string, string][] = [
    ['clear', value],
    ['hex', bytes.toString('hex')],
    ['hex in capitals', bytes.toString('hex').toUpperCase()],
    ['bytes in hex', [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')],
    ['bytes in a list', [...bytes].join(', ')],
    ['bytes in JSON', [...bytes].join(',')],
    ['URL', encodeURIComponent(value)],
    ['URL in small letters', encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['form', new URLSearchParams({ v: value }).toString().slice(2)],
    ['JSON', json],
    ['JSON in ASCII', inAscii(json)],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['HTML', inHtml(value)],
    ...base64Of(bytes),
  ];
  return [
    ...texts.map(([encoding, text]): [string, Buffer] => [encoding, Buffer.from(text)]),
    ['UTF-16', Buffer.from(value, 'utf16le')],
  ];
}

/**
 * At each of the three places that the bytes can have: of the characters, those that nothing but
 * they decide.
 */
function base64Of(bytes: Buffer): [string, string][] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((alphabet): [string, string] => [
      `${alphabet} after ${before}`,
      padded.toString(alphabet).slice(from, to),
    ]);
  });
}

function inAscii(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function inHtml(text: string): string {
  const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replaceAll(/[&<>"']/g, (character) => `&${entities[character] ?? ''};`);
}
