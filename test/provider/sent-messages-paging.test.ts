import assert from 'node:assert/strict';
import { createSentMessagesPaging } from '../../src/provider/sent-messages-paging.js';
import type { WrittenRow } from './sent-messages-server.js';

const NOW = Date.UTC(2026, 9, 23);
const AT = Date.UTC(2026, 9, 22, 9, 5, 7) / 1_000;
const HOUR = 3_600;
const PAGED = 'the sent messages cannot be paged';
const ORDER = 'the order of the sent messages is unclear';
const FULL = 'a page of sent messages may contain too few rows';

let nextId = 0;
/** A row of so many seconds ago; each has an id of its own. */
const row = (ago: number, more: WrittenRow = {}): WrittenRow => {
  return { id: `id-${++nextId}`, timestamp_unix: AT - ago, number: '+33639980001', message: 'm', ...more };
};
const undated = (more: WrittenRow = {}) => row(0, { timestamp_unix: 'soon', ...more });
const plainDate = (ago: number) => new Date((AT - ago) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
const zoneless = (ago: number, more: WrittenRow = {}) => {
  return row(0, { timestamp_unix: '', date: plainDate(ago), ...more });
};

/**
 * Gives pages one after the other, and says how the reading ended, how many rows it has, and what
 * it asked for.
 */
function readPages({ sinceAgo = 1e6, pages }: { sinceAgo?: number; pages: (readonly unknown[])[] }) {
  const paging = createSentMessagesPaging((AT - sinceAgo) * 1_000, 1);
  const asked: string[] = [];
  for (const page of pages) {
    const step = paging.take(page, NOW);
    if (step.kind === 'done')
      return { end: step.incomplete ?? 'complete', count: paging.rows().length, asked };
    asked.push(step.before);
  }
  return { end: 'next', count: paging.rows().length, asked };
}
const endOf = (pages: (readonly unknown[])[], sinceAgo?: number) =>
  readPages({ pages, ...(sinceAgo !== undefined && { sinceAgo }) }).end;

describe('the pages of the list of sent messages', () => {
  it('are complete at once without rows', () => {
    assert.deepEqual(readPages({ pages: [[]] }), { end: 'complete', count: 0, asked: [] });
  });

  it('are complete when the last row is older than the wanted time', () => {
    assert.equal(endOf([[row(0), row(100)]], 97), 'complete');
    assert.equal(endOf([[row(0), row(100)]], 98), 'next');
    assert.equal(endOf([[row(100)]], 50), 'complete');
  });

  it('are complete when a further page is shorter and brings nothing new', () => {
    const [a, b, c] = [row(0), row(10), row(20)];
    assert.equal(endOf([[a, b, c], [c]]), 'complete');
    assert.equal(endOf([[a, b], [b, c], [c]]), 'complete');
  });

  it('reach back to the wanted time only once an older row was seen', () => {
    const reachesBack = (page: readonly unknown[]) => {
      const paging = createSentMessagesPaging((AT - 50) * 1_000, 1);
      paging.take(page, NOW);
      return paging.reachesBack();
    };
    assert.equal(reachesBack([]), false);
    assert.equal(reachesBack([row(0), row(49), undated()]), false);
    assert.equal(reachesBack([row(0), row(49), row(51)]), true);
  });

  it('omit rows older than the wanted time, unless they may be younger', () => {
    const rows = [row(0), row(9), row(10), row(11), row(12), undated(), {}, row(100)];
    assert.deepEqual(readPages({ pages: [rows], sinceAgo: 10 }), {
      end: 'complete',
      count: 5,
      asked: [],
    });
  });
});

describe('the pages of a provider that ignores "before"', () => {
  const [a, b, c, d] = [row(0), row(10), row(20), row(17)];
  for (const [what, second] of [
    ['the same rows again', [a, b, d, c]],
    ['a newer row', [row(-50), c]],
    ['no row at all', []],
    ['only older rows, without the one that was asked from', [row(30), row(40), row(50)]],
    ['dates in another form', [c, zoneless(30)]],
    ['rows from there on', [d]],
  ] as const) {
    it(`are incomplete: ${what}`, () => {
      assert.equal(endOf([[a, b, d, c], second]), PAGED);
    });
  }

  it('keep all rows seen', () => {
    assert.equal(
      readPages({
        pages: [
          [a, b, c],
          [row(-50), c],
        ],
      }).count,
      4,
    );
  });

  it('are incomplete when all rows have the same date', () => {
    const same = [row(20), row(20), row(21)];
    assert.equal(endOf([same, same]), FULL);
    assert.equal(endOf([[c], [c]]), FULL);
  });
});

describe('the order of the list of sent messages', () => {
  it('is newest first, within two seconds', () => {
    assert.equal(endOf([[row(2), row(0), row(10), row(9)]]), 'next');
    assert.equal(endOf([[row(3), row(0), row(10)]]), ORDER);
  });

  it('is unknown when a later row is newer', () => {
    assert.equal(endOf([[row(20), row(10), row(0)]]), ORDER);
    assert.equal(endOf([[row(0), row(20), row(10)]]), ORDER);
    assert.equal(
      endOf([
        [row(0), row(10)],
        [row(10), row(30), row(20)],
      ]),
      PAGED,
    );
    const b = row(10);
    assert.equal(
      endOf([
        [row(0), b],
        [b, row(30), row(20)],
      ]),
      ORDER,
    );
  });

  it('is unknown when rows are slightly newer again and again', () => {
    assert.equal(endOf([[row(6), row(4), row(2), row(0)]]), ORDER);
  });

  it('is unknown with too few dates', () => {
    assert.equal(endOf([[undated()]]), ORDER);
    assert.equal(endOf([[row(0), undated()]]), ORDER);
    assert.equal(endOf([[undated(), {}, null]]), ORDER);
    assert.equal(endOf([[row(0), zoneless(10)]]), ORDER);
  });

  it('is read from the readable dates, and rows without one are kept', () => {
    const rows = [row(0), undated(), row(10), null, row(100)];
    assert.deepEqual(readPages({ pages: [rows], sinceAgo: 50 }), { end: 'complete', count: 4, asked: [] });
  });

  it('is not proven by equal dates, which therefore do not end the read', () => {
    const first = [row(100), row(101), row(102)];
    assert.equal(endOf([first], 50), 'next');
    assert.equal(endOf([first, first], 50), FULL);
    assert.equal(endOf([first, [...first, row(200)]], 50), 'complete');
  });
});

describe('the cursor of the list of sent messages', () => {
  const firstAsked = (...rows: WrittenRow[]) => readPages({ pages: [rows] }).asked[0];

  it('leaves room for the oldest row, its second, and rows out of order', () => {
    assert.equal(firstAsked(row(0), row(10)), String(AT - 10 + 3));
    assert.equal(firstAsked(row(0), row(10.5)), String(AT - 11 + 3));
    assert.equal(firstAsked(row(0), row(12), row(11)), String(AT - 12 + 3));
  });

  it('leaves room for a minute when dates may be rounded to the minute', () => {
    assert.equal(firstAsked(row(0), row(67)), String(AT - 67 + 62));
  });

  it('leaves room for a second when most dates have seconds, and the oldest is at a whole minute', () => {
    // From 50 s after a whole minute back to it.
    const first = Array.from({ length: 11 }, (_, index) => row(7 - 5 * (10 - index)));
    assert.equal(firstAsked(...first), String(AT - 7 + 3));
    assert.equal(endOf([first, first.slice(-1)]), 'complete');
    // To the minute, all of them would come again, and might be all that fits on a page.
    assert.equal(endOf([first, first]), PAGED);
  });

  it('is the provider’s own date when dates have no zone', () => {
    assert.equal(firstAsked(zoneless(0), zoneless(10)), '2026-10-22 09:05:00');
    assert.equal(firstAsked(zoneless(0), zoneless(67)), '2026-10-22 09:05:02');
  });

  it('leaves room for an hour in a night when clocks may be set back', () => {
    const asked = (hour: number) => {
      const ago = (9 - hour) * HOUR;
      return firstAsked(zoneless(ago - 10), zoneless(ago));
    };
    assert.equal(asked(2), '2026-10-22 03:05:07');
    assert.equal(asked(-1), '2026-10-22 00:05:07');
    assert.equal(asked(3), '2026-10-22 03:05:10');
  });

  it('still moves back through such a night', () => {
    const [a, b, c, d] = [3.1, 2.9, 2.8, 1].map((hour) => zoneless((9 - hour) * HOUR));
    assert.equal(endOf([[zoneless(0), a, b], [a, b, c], [c, d], [d]]), 'complete');
  });

  it('accepts rows at the limit itself, and none beyond it', () => {
    const b = row(10);
    assert.equal(
      endOf([
        [row(0), b],
        [row(7), b],
      ]),
      FULL,
    );
    assert.equal(
      endOf([
        [row(0), b],
        [row(6), b],
      ]),
      PAGED,
    );
  });

  it('does not stand still', () => {
    const b = row(10);
    assert.equal(
      endOf([
        [row(0), b],
        [b, row(10)],
      ]),
      FULL,
    );
  });
});

describe('repeated rows', () => {
  it('are one row, even if the phone has sent it meanwhile', () => {
    const b = row(10, { send_from_mobile: '' });
    const later = { ...b, send_from_mobile: '1' };
    assert.equal(
      readPages({
        pages: [
          [row(0), b],
          [later, row(20)],
        ],
      }).count,
      3,
    );
  });

  it('are two rows when they differ in number, text or date', () => {
    const [b, c] = [row(10), row(10)];
    for (const more of [{ number: '+33639980002' }, { message: 'other' }, { timestamp_unix: AT - 11 }]) {
      assert.equal(
        readPages({
          pages: [
            [row(0), b, c],
            [b, { ...c, ...more }],
          ],
        }).count,
        4,
      );
    }
  });

  it('are distinguished without ids, and by how often a page holds them', () => {
    const b = row(10, { id: '' });
    assert.equal(
      readPages({
        pages: [
          [row(0), b],
          [b, row(20, { id: '' })],
        ],
      }).count,
      3,
    );
    assert.equal(
      readPages({
        pages: [
          [row(0), b],
          [b, b, row(20)],
        ],
      }).count,
      4,
    );
    assert.equal(
      readPages({
        pages: [
          [row(0), b, b],
          [b, b, row(20)],
        ],
      }).count,
      4,
    );
  });
});

describe('the wanted time, for dates without a zone', () => {
  it('precedes every possible meaning of a date', () => {
    const pages = [[zoneless(0), zoneless(20 * HOUR)]];
    assert.equal(endOf(pages, 8 * HOUR - 3), 'complete');
    assert.equal(endOf(pages, 8 * HOUR - 2), 'next');
    const { count } = readPages({ pages, sinceAgo: 8 * HOUR - 1 });
    assert.equal(count, 1);
    assert.equal(readPages({ pages, sinceAgo: 8 * HOUR }).count, 2);
  });
});
