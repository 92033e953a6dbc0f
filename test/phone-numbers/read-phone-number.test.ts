import assert from 'node:assert/strict';
import fc from 'fast-check';
import { getCountries, getExampleNumber, type CountryCode } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { readPhoneNumber } from '../../src/phone-numbers/read-phone-number.js';

function read(written: string, defaultRegion: CountryCode = 'FR', allowAnyNumber = false): string {
  const reading = readPhoneNumber(written, { defaultRegion, allowAnyNumber });
  return 'number' in reading ? reading.number : reading.problem;
}

/** As people write, paste and link one number. */
const ONE_NUMBER = [
  '0639980001',
  '06 39 98 00 01',
  '06.39.98.00.01',
  '06-39-98-00-01',
  '06/39/98/00/01',
  '06\u201339\u201498\u201100\u221201',
  '06_39\u00b798\u202200\u30fc01',
  '0639980001\r\n',
  '\n\t0639980001\u2028',
  '06\u00a039\u202f98\u200900\u300001',
  '\u202a+33\u202c\u200e 6\u200f 39 98 00 01',
  '\u2066\u2068+33639980001\u2069',
  '\u202d0639980001\u202e',
  '\ufeff0639980001',
  '06\u00ad39\u200b98\u206000\u180e01',
  '\u00850639980001\u2800',
  '\uff0b\uff13\uff13\uff16\uff13\uff19\uff19\uff18\uff10\uff10\uff10\uff11',
  '\uff08\uff10\uff16\uff09\uff13\uff19\uff0e\uff19\uff18\uff0f\uff10\uff10\uff0d\uff10\uff11',
  '\u0660\u0666\u0663\u0669\u0669\u0668\u0660\u0660\u0660\u0661',
  '+33 6 39 98 00 01',
  '+ 33 6 39 98 00 01',
  '(+33) 6 39 98 00 01',
  '+33 (0)6 39 98 00 01',
  '+33 ( 0 ) 6 39 98 00 01',
  '+33 [0] 6 39 98 00 01',
  '+33 06 39 98 00 01',
  '0033 6 39 98 00 01',
  '00 33 (0) 6 39 98 00 01',
  '+0033 6 39 98 00 01',
  '(0)6 39 98 00 01',
  '33639980001',
  '639980001',
  'tel:+33639980001',
  'TEL:+33-6-39-98-00-01',
  'tel://+33639980001',
  'tel:+33%206%2039%2098%2000%2001',
  'tel:%2B33639980001',
  'tel:+33639980001;phone-context=+1;isub=1234',
  'tel:0639980001;phone-context=+33',
  'tel:639980001;phone-context=+33',
  'tel:0639980001;phone-context=example.com',
  'sms:+33639980001?body=Bonjour',
  '<tel:+33639980001>',
  'T\u00e9l. : 06 39 98 00 01',
  'Te\u0301l : 06 39 98 00 01',
  '"06 39 98 00 01"',
  "'0639980001",
  '\u00ab 06 39 98 00 01 \u00bb',
  '06 39 98 00 01.',
];

const OVERSEAS: Record<string, string> = {
  '0690 12 34 56': '+590690123456',
  '0691 23 34 56': '+590691233456',
  '06 92 12 34 56': '+262692123456',
  '0693 01 23 45': '+262693012345',
  '06.94.12.34.56': '+594694123456',
  '0696-12-34-56': '+596696123456',
  '0697123456': '+596697123456',
  '0639 02 12 34': '+262639021234',
  '0709 00 12 34': '+590709001234',
  '692 12 34 56': '+262692123456',
  '(0)692 12 34 56': '+262692123456',
  '+262 692 12 34 56': '+262692123456',
  '+262 (0)692 12 34 56': '+262692123456',
  '00262 692 12 34 56': '+262692123456',
  'tel:0692123456': '+262692123456',
};

const REFUSED: Record<string, RegExp> = {
  '01 45 67 89 01': /fixed line/,
  '0262 12 34 56': /fixed line/,
  '+44 20 7183 8750': /fixed line/,
  '0899 12 34 56': /premium-rate/,
  '+1 900 555 1234': /premium-rate/,
  '0800 12 34 56': /freephone/,
  '+1 800 555 1234': /freephone/,
  '+800 1234 5678': /freephone/,
  '0810 12 34 56': /shared-cost/,
  '09 70 12 34 56': /VoIP/,
  '3615': /short codes/,
  '36180': /short codes/,
  '112': /short codes/,
  '+112': /short codes/,
  '06 00 00 00': /numbering plan/,
  '0639 12 34 56': /numbering plan/,
  '0699 12 34 56 7': /numbering plan/,
  '+33 692 12 34 56': /\+262, not \+33/,
  '+33 (0)696 12 34 56': /\+596, not \+33/,
  '+44 7700 900123': /numbering plan/,
  '+999 12345678': /country code/,
  '': /single phone number/,
  '+': /single phone number/,
  'call 0639980001': /without extension or other text/,
  '0639980001 ext. 5': /without extension or other text/,
  '0639980001x5': /without extension or other text/,
  'tel:+33639980001;ext=5': /without extension or other text/,
  'tel:+33%GG': /without extension or other text/,
  '0639980001, 0639980002': /single phone number/,
  '0639980001\n0639980002': /single phone number/,
  '0639980001 / 02': /numbering plan/,
  '0639980001\u00b2': /single phone number/,
  '\u2460\u2465': /single phone number/,
  '06+39980001': /single phone number/,
  '6.3998E+08': /single phone number/,
};

describe('a phone number in national form', () => {
  for (const written of ONE_NUMBER) {
    it(`is read from ${JSON.stringify(written)}`, () => {
      assert.equal(read(written), '+33639980001');
    });
  }

  for (const [written, number] of Object.entries(OVERSEAS)) {
    it(`gets its overseas country code: ${written} is ${number}`, () => {
      assert.equal(read(written), number);
    });
  }

  it('is dialled in the French overseas departments as in metropolitan France', () => {
    for (const region of ['RE', 'YT', 'GP', 'MF', 'BL', 'MQ', 'GF'] as const) {
      assert.equal(read('0692 12 34 56', region), '+262692123456');
      assert.equal(read('06 12 34 56 78', region), '+33612345678');
      assert.equal(read('06 39 98 00 01', region), '+33639980001');
    }
    assert.equal(read('069 212 34 56', 'CH'), '+41692123456', 'Switzerland has a plan of its own');
  });

  it('may begin with 00 where another prefix dials abroad', () => {
    assert.equal(read('00 33 6 39 98 00 01', 'US'), '+33639980001');
    assert.equal(read('011 33 6 12 34 56 78', 'US'), '+33612345678');
    assert.equal(read('0011 33 6 12 34 56 78', 'AU'), '+33612345678');
  });

  for (const [written, reason] of Object.entries(REFUSED)) {
    it(`is refused with the reason: ${JSON.stringify(written)}`, () => {
      assert.match(read(written), reason);
      assert.ok(!/\d{4}/.test(read(written)), 'the reason holds no number');
    });
  }

  it('may be any E.164 number where any number is allowed', () => {
    const any = (written: string) => read(written, 'FR', true);
    assert.equal(any('0899 12 34 56'), '+33899123456');
    assert.equal(any('01 45 67 89 01'), '+33145678901');
    assert.equal(any('+33 692 12 34 56'), '+33692123456');
    assert.equal(any('0692 12 34 56'), '+262692123456');
    assert.equal(any('0639 12 34 56'), '+262639123456');
    assert.equal(any('+999 12345678'), '+99912345678');
    assert.equal(any('+1234567'), '+1234567');
    assert.equal(any('+123456789012345'), '+123456789012345');
    for (const written of ['36180', '112', '+112', '+1234567890123456', '+0123456789', 'abc', '']) {
      assert.match(any(written), /must be/, written);
    }
  });

  it('of every country is read from its example, in each of its forms', () => {
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples);
      if (example === undefined) continue;
      for (const written of [example.number, example.formatInternational(), example.getURI()]) {
        assert.equal(read(written), example.number, `${country}: ${written}`);
      }
      assert.equal(read(example.formatNational(), country), example.number, `${country}, national form`);
    }
  });

  const noise = fc.constantFrom(
    ' ',
    '\n',
    '\r\n',
    '\t',
    '.',
    '-',
    '/',
    '(',
    ')',
    '\u00a0',
    '\u202f',
    '\u2009',
    '\u2011',
    '\u2013',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202c',
    '\u2066',
    '\u2069',
    '\ufeff',
    '\u00ad',
    '\u200b',
    '\u2800',
    '\u0085',
  );
  const subscriber = fc.integer({ min: 0, max: 9_999 }).map((last) => String(last).padStart(4, '0'));

  it('is the same whatever separates its digits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('063998', '+3363998', '003363998', '0690', '+590690', '0690'),
        subscriber,
        fc.array(noise, { minLength: 15, maxLength: 15 }),
        (prefix, last, noises) => {
          const digits = `${prefix}${prefix.includes('63998') ? '' : '12'}${last}`;
          const plain = read(digits);
          assert.match(plain, /^\+(?:33|590)\d{9}$/);
          const noisy = Array.from(digits, (digit, index) => `${digit}${noises[index] ?? ''}`).join('');
          // A zero in brackets is left out.
          fc.pre(!/\([^\d]*0[^\d]*\)/.test(noisy));
          assert.equal(read(noisy), plain);
        },
      ),
    );
  });

  it('is E.164, or refused with a reason that holds none of its digits', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.oneof(noise, fc.constantFrom(...Array.from('0123456789+'), 'tel:', ';', '%', 'é')),
      }),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom<CountryCode[]>('FR', 'US', 'DE', 'RE'),
        fc.boolean(),
        (written, region, any) => {
          const reading = readPhoneNumber(written, { defaultRegion: region, allowAnyNumber: any });
          if ('number' in reading) {
            assert.match(reading.number, /^\+[1-9]\d{6,14}$/);
            assert.equal(read(reading.number, 'FR', any), reading.number, 'is read as itself');
          } else assert.ok(!/\d{4}/.test(reading.problem), reading.problem);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
