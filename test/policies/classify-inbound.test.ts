import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classifyInbound } from '../../src/policies/classify-inbound.js';
import {
  entriesOf,
  KEYWORDS,
  LIKELY_WORDS,
  ORDINARY_KEYWORDS,
  PHRASES,
} from '../../src/policies/opt-out-words.js';
import { POLITE_WORDS } from '../../src/policies/polite-words.js';
import { REPLIES } from './replies.table.js';

const LANGUAGES = ['fr', 'en', 'de', 'es', 'it', 'nl', 'pt'];

describe('a reply', () => {
  for (const [language, rows] of Object.entries(REPLIES))
    describe(`(${language})`, () => {
      for (const [text, expected, reason] of rows)
        it(`${JSON.stringify(text)} is: ${expected}, ${reason}`, () => {
          assert.equal(classifyInbound(text), expected);
        });
    });

  it('is in a table of at least 170 texts in seven languages, 65 of them messages', () => {
    const rows = Object.values(REPLIES).flat();
    assert.deepEqual(
      Object.keys(REPLIES)
        .filter((language) => language !== 'all')
        .sort(),
      [...LANGUAGES].sort(),
    );
    assert.ok(rows.length >= 170, String(rows.length));
    assert.ok(rows.filter(([, expected]) => expected === 'message').length >= 65);
    assert.equal(new Set(rows.map(([text]) => text)).size, rows.length);
    assert.deepEqual(
      rows.filter(([, , reason]) => reason === ''),
      [],
    );
  });

  it('is an opt-out with every keyword, in capitals and with politeness before or after', () => {
    for (const keyword of [...entriesOf(KEYWORDS), ...entriesOf(PHRASES)]) {
      assert.equal(classifyInbound(keyword), 'opt-out', keyword);
      assert.equal(classifyInbound(keyword.toUpperCase()), 'opt-out', keyword);
      assert.equal(classifyInbound(`${keyword}, merci`), 'opt-out', keyword);
      assert.equal(classifyInbound(`please: ${keyword}!`), 'opt-out', keyword);
    }
  });

  it('is a message with politeness alone', () => {
    for (const polite of entriesOf(POLITE_WORDS)) {
      assert.equal(classifyInbound(polite), 'message', polite);
      assert.equal(classifyInbound(`STOP ${polite}`), 'opt-out', polite);
      assert.equal(classifyInbound(`${polite} stop`), 'opt-out', polite);
    }
  });

  it('is an opt-out with an ordinary keyword only if nothing else is in it', () => {
    for (const keyword of entriesOf(ORDINARY_KEYWORDS)) {
      assert.equal(classifyInbound(`${keyword}.`), 'opt-out', keyword);
      assert.equal(classifyInbound(`${keyword} svp`), 'possible-opt-out', keyword);
      assert.equal(classifyInbound(`the ${keyword} of it`), 'message', keyword);
    }
    for (const word of entriesOf(LIKELY_WORDS)) {
      assert.equal(classifyInbound(word), 'possible-opt-out', word);
      assert.equal(classifyInbound(`the ${word} of it`), 'message', word);
    }
  });

  it('is a possible opt-out with a keyword up to the sixth word, and a message with it after', () => {
    const words = ['one', 'two', 'three', 'four', 'five'];
    assert.equal(classifyInbound([...words, 'stop'].join(' ')), 'possible-opt-out');
    assert.equal(classifyInbound(['stop', ...words].join(' ')), 'possible-opt-out');
    assert.equal(classifyInbound(['stop', ...words, 'six'].join(' ')), 'message');
  });

  it('may have two words of politeness, not three', () => {
    assert.equal(classifyInbound('bonjour stop merci'), 'opt-out');
    assert.equal(classifyInbound('bonjour stop svp merci'), 'possible-opt-out');
    assert.equal(classifyInbound('bonjour stop 36180'), 'opt-out');
    assert.equal(classifyInbound('bonjour stop 36180 merci'), 'possible-opt-out');
  });

  it('keeps its kind, whatever invisible characters, accents and punctuation are added', () => {
    const noise = fc.constantFrom('', '\u200b', '\u0301', '\u00ad', '\u202e', '\ufe0f');
    const around = fc.constantFrom('', ' ', '.', '…', '!!', '\n', '“', '🛑', '\u00a0', '"', ')');
    fc.assert(
      fc.property(
        fc.constantFrom('stop', 'ARRET', 'Abmelden', 'baja', 'BASTA', 'afmelden', 'sair'),
        fc.array(noise, { minLength: 12, maxLength: 12 }),
        around,
        around,
        (keyword, marks, before, after) => {
          const noisy = Array.from(keyword, (letter, index) => letter + (marks[index] ?? '')).join('');
          assert.equal(classifyInbound(before + noisy + after), 'opt-out');
        },
      ),
      { seed: 36_180, numRuns: 500 },
    );
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        assert.ok(['opt-out', 'possible-opt-out', 'message'].includes(classifyInbound(text)));
      }),
      { seed: 36_180, numRuns: 1_000 },
    );
    assert.equal(classifyInbound('\ud800stop\udc00'), 'opt-out');
  });

  describe('of 100 kB', () => {
    const texts: readonly [string, string, string][] = [
      ['exclamation marks', `STOP${'!'.repeat(100_000)}`, 'opt-out'],
      ['blanks', `${' '.repeat(100_000)}STOP`, 'opt-out'],
      ['one word', 'stop'.repeat(25_000), 'message'],
      ['keywords', 'stop '.repeat(20_000), 'opt-out'],
      ['words', `${'word '.repeat(20_000)}stop`, 'message'],
      ['hyphens', 'stop-'.repeat(20_000), 'opt-out'],
      ['apostrophes', "'".repeat(100_000), 'message'],
      ['joined letters', "a'".repeat(50_000), 'message'],
      ['single letters', 's t o p '.repeat(12_500), 'message'],
      ['one letter', 'o'.repeat(100_000), 'message'],
      ['digits', '1 '.repeat(50_000), 'message'],
      ['marks of two kinds', `stop${'\u0301'.repeat(100_000)}${'\u0323'.repeat(100_000)}`, 'opt-out'],
      ['beginnings of a phrase', 'ne plus '.repeat(12_500), 'message'],
      ['signs that grow', '\ufdfa'.repeat(100_000), 'message'],
      ['at signs', '@'.repeat(100_000), 'message'],
    ];
    for (const [name, text, expected] of texts)
      it(`takes linear time: ${name}`, function () {
        // Quadratic time takes longer: to sort the marks alone, a minute.
        this.timeout(20_000);
        assert.equal(classifyInbound(text), expected);
      });
  });
});
