import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SmsError } from '../../src/domain/errors.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';

const JOB = { recipientPhone: '+33639980001', accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11' };

/** What comes of a message: `taken`, or the code that it is refused with. */
function outcomeOf(message: string): string {
  try {
    assert.equal(validateSmsJob({ ...JOB, message }, 'refuse').message, message);
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof SmsError, String(error));
    assert.match(error.message, /message: must/);
    return error.code;
  }
}

/** Code points and what they are; none shows anything by itself. */
const INVISIBLE: Record<string, string> = {
  'zero width space': '\u200b',
  'zero width joiner': '\u200d',
  'left-to-right mark': '\u200e',
  'right-to-left override': '\u202e',
  'isolate marks': '\u2066\u2069',
  'word joiner': '\u2060',
  'invisible times': '\u2062',
  'byte order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'combining grapheme joiner': '\u034f',
  'Arabic letter mark': '\u061c',
  'Hangul choseong filler': '\u115f',
  'Hangul jungseong filler': '\u1160',
  'Hangul filler': '\u3164',
  'halfwidth Hangul filler': '\uffa0',
  'Khmer inherent vowels': '\u17b4\u17b5',
  'Mongolian vowel separator': '\u180e',
  'variation selector 16': '\ufe0f',
  'variation selector 17': '\u{e0100}',
  'tag letters': '\u{e0041}\u{e007f}',
  'blank of Braille': '\u2800',
  'null notehead': '\u{1d159}',
  'blank hieroglyphs': '\u{13441}\u{13442}',
  'object replacement character': '\ufffc',
  'interlinear annotation': '\ufff9\ufffb',
  'no-break space': '\u00a0',
  'ideographic space': '\u3000',
  'ogham space mark': '\u1680',
  'line and paragraph separator': '\u2028\u2029',
  'next line': '\u0085',
  'control characters': '\u0000\u0007\u001b',
  'combining acute accent': '\u0301',
  'combining marks': '\u0300\u20dd\u0903',
  noncharacters: '\uffff\ufdd0',
};

describe('a message', () => {
  for (const [name, text] of Object.entries(INVISIBLE)) {
    it(`of nothing but ${name} counts as missing`, () => {
      assert.equal(outcomeOf(text), 'MESSAGE_REQUIRED');
      assert.equal(outcomeOf(` ${text}\n${text} `), 'MESSAGE_REQUIRED');
      assert.equal(outcomeOf(`${text}a`), 'taken');
    });
  }

  it('of any mixture of these counts as missing, and is valid with one visible character', () => {
    const nothing = fc.string({ unit: fc.constantFrom(' ', '\n', ...Object.values(INVISIBLE)) });
    const something = fc.constantFrom(
      'a',
      'é',
      '.',
      '-',
      '1',
      '€',
      '👍',
      '❤️',
      '🇫🇷',
      '👨‍👩‍👧',
      'é'.normalize('NFD'),
      '٣',
      '語',
      '한',
      '\ufffd',
      '´',
      '\u{1faff}',
    );
    fc.assert(
      fc.property(nothing, something, nothing, (before, shown, after) => {
        assert.equal(outcomeOf(before + after), 'MESSAGE_REQUIRED');
        assert.equal(outcomeOf(before + shown + after), 'taken');
      }),
    );
  });

  it('with half a surrogate pair is invalid, wherever it was cut', () => {
    for (const text of [
      'Bonjour 👍'.slice(0, -1),
      '👍 merci'.slice(1),
      '\ud83d',
      '\udc4d\ud83d',
      'a\ud83db',
    ]) {
      assert.equal(outcomeOf(text), 'VALIDATION_FAILED', JSON.stringify(text));
      assert.equal(outcomeOf(JSON.parse(JSON.stringify(text)) as string), 'VALIDATION_FAILED');
    }
  });

  it('is valid if and only if it is well-formed and visible', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }), (codes) => {
        const text = String.fromCharCode(...codes);
        const isWellFormed = Buffer.from(text, 'utf8').toString('utf8') === text;
        if (!isWellFormed) assert.equal(outcomeOf(text), 'VALIDATION_FAILED');
        else assert.ok(['taken', 'MESSAGE_REQUIRED'].includes(outcomeOf(text)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('fits into 255 segments, whatever they hold', () => {
    for (const [fits, character] of [
      [255 * 153, 'x'],
      [255 * 76, '€'],
      [255 * 67, 'ê'],
      [255 * 33, '👍'],
    ] as const) {
      assert.equal(outcomeOf(character.repeat(fits)), 'taken', character);
      assert.equal(outcomeOf(character.repeat(fits + 1)), 'VALIDATION_FAILED', character);
    }
    assert.equal(outcomeOf(`${'x'.repeat(255 * 67 - 1)}’`), 'taken');
    assert.equal(outcomeOf(`${'x'.repeat(255 * 67)}’`), 'VALIDATION_FAILED');
    assert.equal(outcomeOf('x'.repeat(5_000_000)), 'VALIDATION_FAILED');
  });
});
