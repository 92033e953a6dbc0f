import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countSegments } from '../../src/domain/segments.js';

describe('the segments of a text', () => {
  for (const [text, encoding, segments, units] of [
    ['', 'GSM-7', 0, 0],
    ['x', 'GSM-7', 1, 1],
    ['x'.repeat(160), 'GSM-7', 1, 160],
    ['x'.repeat(161), 'GSM-7', 2, 161],
    ['x'.repeat(306), 'GSM-7', 2, 306],
    ['x'.repeat(307), 'GSM-7', 3, 307],
    ['€'.repeat(80), 'GSM-7', 1, 160],
    ['€'.repeat(81), 'GSM-7', 2, 162],
    // 153 septets hold 76 escaped characters, and one is lost.
    ['€'.repeat(152), 'GSM-7', 2, 304],
    ['€'.repeat(153), 'GSM-7', 3, 306],
    [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 'GSM-7', 3, 306],
    ['é'.repeat(160), 'GSM-7', 1, 160],
    ['ê', 'UCS-2', 1, 1],
    [`${'x'.repeat(69)}’`, 'UCS-2', 1, 70],
    [`${'x'.repeat(70)}’`, 'UCS-2', 2, 71],
    ['ê'.repeat(134), 'UCS-2', 2, 134],
    ['ê'.repeat(135), 'UCS-2', 3, 135],
    ['😀'.repeat(35), 'UCS-2', 1, 70],
    ['😀'.repeat(36), 'UCS-2', 2, 72],
    // 67 units hold 33 pairs, and one is lost.
    ['😀'.repeat(66), 'UCS-2', 2, 132],
    ['😀'.repeat(67), 'UCS-2', 3, 134],
    ['e\u0301', 'UCS-2', 1, 2],
    ['line\r\nline\f[]{}\\^~|', 'GSM-7', 1, 28],
  ] as const) {
    it(`are ${segments} of ${encoding} for ${text.length} characters from ${JSON.stringify(text.slice(0, 8))}`, () => {
      const { unitsLeft, ...count } = countSegments(text);
      assert.deepEqual(count, { encoding, segments, units });
      assert.ok(unitsLeft >= 0);
    });
  }

  it('knows the alphabet of GSM 03.38', () => {
    const gsm = Array.from({ length: 0x2_100 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => countSegments(character).encoding === 'GSM-7',
    );
    assert.equal(gsm.length, 127 + 10, 'all but the escape, and the extension table');
    for (const missing of 'âçêëîïôœûÿÀÂÈÊËÎÏÔŒÙÛŸ’«»`\t') assert.ok(!gsm.includes(missing), missing);
    for (const present of 'àéèùÉÇäöü\n\r€') assert.ok(gsm.includes(present), present);
  });

  const texts = fc.string({
    unit: fc.constantFrom('x', '€', 'é', 'ê', '😀', '\n', '’'),
    maxLength: 700,
  });

  it('report how many units are left: exactly that many fit', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { segments, unitsLeft, encoding } = countSegments(text);
        const filler = encoding === 'GSM-7' ? 'x' : 'ê';
        const isOneBecomingSeveral = segments <= 1;
        assert.equal(countSegments(text + filler.repeat(unitsLeft)).segments, Math.max(segments, 1));
        const more = countSegments(text + filler.repeat(unitsLeft + 1)).segments;
        assert.ok(isOneBecomingSeveral ? more === 2 : more === segments + 1);
      }),
    );
  });

  it('hold the whole text, split', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { encoding, segments, units } = countSegments(text);
        const capacity = encoding === 'GSM-7' ? 153 : 67;
        if (segments > 1) {
          assert.ok(units <= segments * capacity);
          assert.ok(units > (segments - 1) * (capacity - 1), 'at most one unit of a segment is lost');
        } else assert.ok(units <= (encoding === 'GSM-7' ? 160 : 70));
      }),
    );
  });
});
