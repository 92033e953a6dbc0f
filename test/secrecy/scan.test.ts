import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSecretMaker } from './scenario-secrets.js';
import { createScanner, findSecrets } from './scan.js';
import { formsOf, type Secret } from './secret-forms.js';

type Encode = (before: string, secret: string, after: string) => string | Buffer;

const html = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/**
 * How others write things down, each with what stands around the secret; made without the scanner's
 * own means.
 */
const WRITINGS: Readonly<Record<string, Encode>> = {
  'as it is': (...parts) => parts.join(''),
  base64: (...parts) => btoa(String.fromCharCode(...Buffer.from(parts.join('')))),
  'base64 for URLs': (...parts) => Buffer.from(parts.join('')).toString('base64url'),
  'a part of a JWT': (before, secret, after) =>
    `${btoa('{}')}.${Buffer.from(`{"${encodeURI(before)}":"${secret}"${encodeURI(after)}`).toString('base64url')}`,
  hexadecimal: (...parts) => Buffer.from(parts.join('')).toString('hex'),
  'a URL': (...parts) => `https://example.org/?q=${encodeURIComponent(parts.join(''))}`,
  'a form': (...parts) => new URLSearchParams({ q: parts.join('') }).toString(),
  JSON: (...parts) => JSON.stringify({ q: parts.join('') }),
  'JSON in JSON': (...parts) => JSON.stringify({ q: JSON.stringify(parts.join('')) }),
  HTML: (...parts) => `<p>${html(parts.join(''))}</p>`,
  'a Buffer in JSON': (...parts) => JSON.stringify(Buffer.from(parts.join(''))),
  'UTF-16': (...parts) => Buffer.from(parts.join(''), 'utf16le'),
};

const maker = createSecretMaker();
const secrets = maker('this test').all;
const findAny = createScanner(secrets);
const byKind = (kind: Secret['kind']) => secrets.find((secret) => secret.kind === kind)!;
const national = byKind('number').value.slice(3);
const grouped = `${national[0] ?? ''}${national.slice(1).replaceAll(/../g, ' $&')}`;

const WORDINGS: readonly (readonly [string, Secret, string])[] = [
  ['the key', byKind('key'), byKind('key').value],
  ['the start of the key', byKind('key'), byKind('key').value.slice(0, 22)],
  ['the end of the key', byKind('key'), byKind('key').value.slice(-22)],
  ['the number', byKind('number'), byKind('number').value],
  ['the number without its plus', byKind('number'), byKind('number').value.slice(1)],
  ['the number with 00', byKind('number'), `00${byKind('number').value.slice(1)}`],
  ['the national number', byKind('number'), `0${national}`],
  ['the number in groups', byKind('number'), `+33 ${grouped}`],
  ['the national number in groups', byKind('number'), `0${grouped}`],
  ['the number with dots', byKind('number'), `0${grouped.replaceAll(' ', '.')}`],
  ['the number with hyphens', byKind('number'), `0${grouped.replaceAll(' ', '-')}`],
  ['the text', byKind('text'), byKind('text').value],
  ...byKind('text')
    .value.match(/[a-z]{10}/g)!
    .map((word) => ['a word of the text', byKind('text'), `“${word}”`] as const),
];

/** Text of letters that may be anything but half a character. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('the search for secrets', () => {
  for (const [writing, encode] of Object.entries(WRITINGS))
    it(`finds key, number and text in ${writing}, whole or in part, anywhere`, () => {
      const planted = fc.constantFrom(...WORDINGS);
      fc.assert(
        fc.property(
          planted,
          fc.uint8Array(),
          text,
          text,
          fc.uint8Array(),
          (wording, noise, before, after, end) => {
            const [, secret, written] = wording;
            const haystack = Buffer.concat([noise, Buffer.from(encode(before, written, after)), end]);
            const found = findAny(haystack);
            assert.ok(found.some(({ name }) => name === secret.name));
            assert.ok(found.every(({ name }) => name === secret.name));
          },
        ),
        { numRuns: 600 },
      );
    });

  it('finds every known form at its place in random bytes', () => {
    const forms = secrets.flatMap((secret) => formsOf(secret).map((form) => ({ ...form, secret })));
    assert.ok(forms.length > 150);
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.uint8Array(), fc.uint8Array(), (planted, before, after) => {
        const found = findAny(Buffer.concat([before, planted.bytes, after]));
        assert.ok(
          found.some(
            ({ name, form, at }) =>
              name === planted.secret.name && form === planted.form && at === before.length,
          ),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds nothing in random bytes, in any encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1_000, maxLength: 20_000 }), (bytes) => {
        const noise = Buffer.from(bytes);
        for (const haystack of [noise, noise.toString('base64'), noise.toString('hex'), noise.join(',')])
          assert.deepEqual(findAny(haystack), []);
      }),
      { numRuns: 100 },
    );
  });

  it('distinguishes scenarios, and does not repeat its findings', () => {
    const other = maker('another');
    const found = findSecrets(`to=${other.recipientPhone}&apikey=${other.apiKey}`, [
      ...secrets,
      ...other.all,
    ]);
    assert.deepEqual(
      new Set(found.map(({ name }) => name)),
      new Set(['number of another', 'key of another']),
    );
    assert.deepEqual(findSecrets(JSON.stringify(found), other.all), []);
  });
});
