import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EXCERPT_LENGTH, redactedExcerpt } from '../../src/provider/redacted-excerpt.js';

const SECRETS = {
  apiKey: 'k3y-5f1c9d0a3b8f5f1c2d4e',
  recipientPhone: '+33639980042',
  message: 'Bonjour, votre annonce « vélo » m’intéresse. Est-elle disponible ?',
};

describe('the excerpt of a reply', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an error of the provider', '{"result":{"error":2,"sent":"no"}}', '{"result":{"error":…,"sent":"no"}}'],
    [
      'an error with a code',
      '{"error":"invalid_parameter","message":"missing"}',
      '{"error":"invalid_parameter","message":"missing"}',
    ],
    [
      'an HTML page',
      '<html><head><title>502 Bad Gateway</title><style>a{b:c}</style></head><body><h1>502 Bad Gateway</h1>nginx</body></html>',
      '502 Bad Gateway 502 Bad Gateway nginx',
    ],
    ['an empty body', '', ''],
    ['plain words', 'upstream timed out', 'upstream timed out'],
    ['the number as it was sent', 'cannot send to +33639980042 now', 'cannot send to … now'],
    ['the number as people write it', 'cannot send to 06 39 98 00 42 now', 'cannot send to … now'],
    ['the number with dots', 'no route to 06.39.98.00.42', 'no route to …'],
    ['the key', 'bad key k3y-5f1c9d0a3b8f5f1c2d4e', 'bad key …'],
    ['the text', `refused: ${SECRETS.message}`, 'refused: … ?'],
    [
      'a word of the text in capitals, without accents',
      'refused INTERESSE and VELO here',
      'refused … and … here',
    ],
    ['the text in a form body', `q=${encodeURIComponent(SECRETS.message)}`, '…'],
    ['a JSON escape of the text', '{"error":"m\\u2019int\\u00e9resse"}', '{"error":"…"}'],
    ['an entity', 'm&rsquo;int&eacute;resse', '…'],
    ['base64', `got ${Buffer.from(SECRETS.message).toString('base64')}`, 'got …'],
    ['hexadecimal', `got ${Buffer.from('Bonjour').toString('hex')}`, 'got …'],
    ['a number under the key "id"', '{"id":1234567,"n":404}', '{"id":…,"n":404}'],
    ['the number with commas', 'no route to 06,39,98,00,42 now', 'no route to … now'],
    ['the number with underscores', 'no route to 06_39_98_00_42 now', 'no route to … now'],
    ['the number with wide dashes', 'no route to 06 – 39 – 98 – 00 – 42 now', 'no route to … now'],
    ['the number digit by digit', '{"to":[0,6,3,9,9,8,0,0,4,2]}', '{"to":[…]}'],
    ['the number in wide digits', 'no route to ０６ ３９ ９８ ００ ４２', 'no route to …'],
    ['the number in other digits', 'no route to ٠٦٣٩٩٨٠٠٤٢', 'no route to …'],
    ['the number in a markup', 'to <b>06</b><b>39</b><b>98</b><b>00</b><b>42</b>', 'to …'],
    [
      'the number in parts with names',
      '{"one":"06","two":"39","three":"9800","four":"42"}',
      '{"one":"…","two":"…","three":"…","four":"…"}',
    ],
    ['the number in a few parts with names', '{"one":"0639","two":"98004"}', '{"one":"…","two":"…"}'],
    ['the key byte by byte', 'bad key k3 y- 5f 1c 9d 0a 3b', 'bad key …'],
    [
      'the key in parts with names',
      '{"one":"5f","two":"c9","three":"8f"}',
      '{"one":"…","two":"…","three":"…"}',
    ],
    ['the text letter by letter', 'refused B o n j o u r now', 'refused … now'],
    ['the text without its spaces', 'refused votreannonce now', 'refused … now'],
    ['words of the text that are joined', 'refused sms/votre/annonce now', 'refused … now'],
    ['the text with a mark in its words', 'refused Bon\u200bjour now', 'refused … now'],
    ['the text in hexadecimal, byte by byte', 'refused 42 6f 6e now', 'refused … now'],
    ['base64 of a word', `refused ${Buffer.from('est').toString('base64')} now`, 'refused … now'],
    ['a script that does not end', 'bad <script>say(Bonjour, everyone)', 'bad'],
  ];
  for (const [what, body, excerpt] of cases) {
    it(`of ${what} is ${JSON.stringify(excerpt)}`, () => {
      assert.equal(redactedExcerpt(body, SECRETS), excerpt);
    });
  }

  const shortWords = {
    ...SECRETS,
    apiKey: 'a1b2c3d4e5f60718293a',
    message: 'Je t’ai vu, ok ? Va au 8 de la rue 🎉 你好',
  };
  for (const [what, body, excerpt] of [
    ['a text of short words', `refused ${shortWords.message} now`, 'refused … now'],
    ['short words of the text in one', 'refused jetaivu now', 'refused … now'],
    ['one word of two characters', 'it is ok now', 'it is … now'],
    ['short words that are not of the text', 'z is of use', 'z is of use'],
    ['one word of one character', 'state 8 and "à" now', 'state … and "…" now'],
    ['a sign of the text', 'refused 🎉 now', 'refused … now'],
    ['words of the text without spaces between them', 'refused: 你好短信 now', 'refused: … now'],
    ['the bytes of the key', 'bad key a1 b2 c3 d4 e5 f6', 'bad key …'],
    ['the bytes of the key, with colons', 'bad key a1:b2:c3:d4:e5:f6', 'bad key …'],
    ['a few bytes of the key', 'bad key a1 c3 now', 'bad key … now'],
    ['letters of the key', 'bad key "a", "b", too', 'bad key "…", "…", too'],
  ] as const) {
    it(`of ${what} is ${JSON.stringify(excerpt)}`, () => {
      assert.equal(redactedExcerpt(body, shortWords), excerpt);
    });
  }

  it('does not throw for a body nested too deeply to print', () => {
    const depth = 20_000;
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = `${open.repeat(depth)}"Bonjour"${close.repeat(depth)}`;
      assert.doesNotThrow(() => redactedExcerpt(nested, SECRETS));
      assert.ok(!redactedExcerpt(nested, SECRETS).includes('Bonjour'));
    }
  });

  it('does not throw for any body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json()), (body) => {
        assert.ok(redactedExcerpt(body, SECRETS).length <= EXCERPT_LENGTH);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not show the first letters of a truncated word', () => {
    for (const filler of ['<i>', '4']) {
      for (let cut = 1; cut < 7; cut++) {
        const start = filler.repeat(5_000).slice(0, 3_998 - cut);
        assert.doesNotMatch(redactedExcerpt(`${start}> Bonjour`, SECRETS), /b/i);
      }
    }
  });

  // An expression that tries every way to split such a body would not come to an end.
  for (const unit of [
    '1 ',
    '1',
    '1-',
    'a1 ',
    'a b ',
    ' ',
    '… ',
    '…',
    '<script',
    '<',
    '</script ',
    '&',
    'é',
    '\u0301',
    '[1,',
    `1${' '.repeat(999)}`,
    `a${'-'.repeat(999)}`,
    '\\',
  ]) {
    it(`takes a long body of ${JSON.stringify(unit)} alone, with and without another end`, () => {
      const long = unit.repeat(Math.ceil(1_000_000 / unit.length));
      for (const end of ['', 'x', '1', '>', '…', '!x']) {
        const excerpt = redactedExcerpt(long + end, SECRETS);
        assert.ok(excerpt.length <= EXCERPT_LENGTH);
      }
    });
  }

  it('is short', () => {
    assert.equal(redactedExcerpt('word '.repeat(100_000), SECRETS).length, EXCERPT_LENGTH);
  });

  const letter = fc.stringMatching(/^[A-Za-zéàç]$/);
  const word = fc.oneof(
    fc.string({ unit: letter, minLength: 4, maxLength: 12 }),
    fc.string({ unit: letter, minLength: 1, maxLength: 3 }),
    fc.stringMatching(/^\d{1,2}$/),
  );
  /** Whatever is neither a letter nor a digit. */
  const separator = fc.oneof(
    fc.constantFrom(' ', '. ', '.', ' - ', ',', '_', ' – ', '/', '","', '\u00a0', '<br>', '|'),
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 3 })
      .map((text) => text.replaceAll(/[\p{L}\p{N}]/gu, '~')),
  );
  const encodings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => JSON.stringify({ error: text, list: [text] }),
    (text) => JSON.stringify(Array.from(text)),
    (text) => Array.from(text).join(' '),
    (text) => `<p title="${text}">${text}</p>`,
    (text) =>
      text.replaceAll(/./gsu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ];

  it('exposes no word of the text, part of the key or run of digits, in any encoding', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 10 }),
        fc.stringMatching(/^[A-Za-z0-9]{20,40}$/),
        fc.stringMatching(/^\+33[67]\d{8}$/),
        fc.constantFrom(...encodings),
        fc.array(separator, { minLength: 4, maxLength: 4 }),
        fc.constantFrom(1, 2, 3),
        (words, apiKey, recipientPhone, encode, separators, size) => {
          const [between = '', inText = '', inNumber = '', inKey = ''] = separators;
          const message = words.join(inText);
          const split = (text: string) => text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
          const national = split(`0${recipientPhone.slice(3)}`).join(inNumber);
          const parts = [message, apiKey, split(apiKey).join(inKey), recipientPhone, national].map(encode);
          const secrets = { apiKey, recipientPhone, message };
          const excerpt = redactedExcerpt(`error ${parts.join(` ${between} `)} end`, secrets);

          const shown = plain(excerpt);
          const tokens = shown.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
          // The last word of a long one may be cut, and looks like another then.
          if (excerpt.length === EXCERPT_LENGTH) tokens.pop();
          for (const part of words.map(plain)) {
            assert.ok(!tokens.includes(part), `${part} in ${excerpt}`);
            if (part.length > 3) assert.ok(!shown.includes(part), `${part} in ${excerpt}`);
          }
          for (const token of tokens) assert.ok(!plain(apiKey).includes(token), `${token} in ${excerpt}`);
          assert.doesNotMatch(shown.replaceAll(/[^\p{L}\p{N}]/gu, ''), /\d{5}/);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
