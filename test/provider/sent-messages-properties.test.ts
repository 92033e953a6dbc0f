import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSentMessagesPaging } from '../../src/provider/sent-messages-paging.js';
import { honestPage, readLogOf, sendPage, startLogServer, textsOf } from './sent-messages-server.js';

const NOW = Date.UTC(2026, 9, 23);
const NEWEST = Date.UTC(2026, 9, 22, 9, 5, 7) / 1_000;

/**
 * A message as the provider knows it: when it was taken, in unix seconds, and what it says of that.
 */
interface Entry {
  readonly at: number;
  readonly text: string;
  readonly shown: Record<string, unknown>;
}

const spell = ({ text, shown }: Entry) => ({ ...shown, number: '+33639980001', message: text });
const mayBeSince = ({ at }: Entry, sinceMs: number) => at * 1_000 + 1_000 > sinceMs;

describe('the list of sent messages of an honest provider', () => {
  /** Unix seconds or ISO 8601; with or without an id. */
  const show = (at: number, form: 'unix' | 'iso', id: string | undefined) => ({
    ...(form === 'unix' ? { timestamp_unix: String(at) } : { date: new Date(at * 1_000).toISOString() }),
    ...(id !== undefined && { guid: id }),
  });
  /**
   * Fewer rows at one time than a page holds, at two times at least (else nobody can tell the end
   * of the log), none at a whole minute, which is taken to hold the rows of that minute.
   */
  const logs = fc
    .record({
      pageSize: fc.integer({ min: 2, max: 7 }),
      form: fc.constantFrom('unix' as const, 'iso' as const),
      withIds: fc.boolean(),
      groups: fc.array(
        fc.record({
          gap: fc.oneof(fc.integer({ min: 4, max: 20 }), fc.integer({ min: 4, max: 200_000 })),
          count: fc.nat(),
        }),
        { minLength: 2, maxLength: 12 },
      ),
      since: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
    })
    .map(({ pageSize, form, withIds, groups, since }) => {
      const entries: Entry[] = [];
      let at = NEWEST;
      for (const { gap, count } of groups) {
        at -= gap;
        if (at % 60 === 0) at -= 1;
        for (let i = 0; i <= count % (pageSize - 1); i++) {
          const text = `text ${entries.length}`;
          entries.push({ at, text, shown: show(at, form, withIds ? `id-${entries.length}` : undefined) });
        }
      }
      return { pageSize, entries, sinceMs: Math.round((NEWEST + since * (at - NEWEST)) * 1_000) };
    });

  it('is read completely, every row since the wanted time once, newest first', async () => {
    let log: { entries: readonly Entry[]; pageSize: number } = { entries: [], pageSize: 1 };
    const server = await startLogServer((reply, query) => {
      sendPage(reply, honestPage(log.entries, query, log.pageSize).map(spell));
    });
    try {
      await fc.assert(
        fc.asyncProperty(logs, async ({ sinceMs, ...next }) => {
          log = next;
          const reading = await readLogOf(server.url, { sinceMs });
          assert.deepEqual(textsOf(reading), {
            texts: log.entries.filter((entry) => mayBeSince(entry, sinceMs)).map(({ text }) => text),
            incomplete: undefined,
          });
        }),
        { numRuns: 100 },
      );
    } finally {
      await server.close();
    }
  });
});

describe('the list of sent messages of any provider', () => {
  type Sort = (entries: readonly Entry[]) => readonly Entry[];
  const newestFirst: Sort = (entries) => entries.toSorted((a, b) => b.at - a.at);
  const SORTS: Record<string, Sort> = {
    newestFirst,
    oldestFirst: (entries) => entries.toSorted((a, b) => a.at - b.at),
    asTheyCame: (entries) => entries,
    // By something that is up to two seconds off the date.
    nearly: (entries) => entries.toSorted((a, b) => b.at + (b.text.length % 3) - a.at - (a.text.length % 3)),
  };
  /** How "before" is read: which of the rows are left, in their order. */
  type Filter = (entries: readonly Entry[], before: number) => readonly Entry[];
  const earlier =
    (shift: number): Filter =>
    (entries, before) =>
      entries.filter(({ at }) => at < before + shift);
  const FILTERS: Record<string, Filter> = {
    honest: earlier(0),
    inclusive: earlier(1),
    aMinuteOff: earlier(-60),
    anHourOff: earlier(-3_600),
    anHourAhead: earlier(3_600),
    ignored: (entries) => entries,
    nothing: () => [],
    asMilliseconds: (entries, before) => entries.filter(({ at }) => at * 1_000 < before),
    asAnOffset: (entries, before) => entries.slice(before % 5),
    asFrom: (entries, before) => entries.filter(({ at }) => at >= before),
  };
  const dates = (at: number, date: string): Record<string, unknown> => {
    const iso = new Date(at * 1_000).toISOString();
    switch (date) {
      case 'unix':
        return { timestamp_unix: at };
      case 'minute':
        return { date: `${iso.slice(0, 16)}Z` };
      case 'iso':
        return { date: iso };
      case 'plain':
        return { date: iso.slice(0, 19) };
      default:
        return { date: 'soon' };
    }
  };
  const arbitraryLog = fc.record({
    pageSize: fc.integer({ min: 2, max: 6 }),
    /** As long as pages are not shorter than that. */
    smallestPage: fc.integer({ min: 1, max: 6 }),
    sort: fc.constantFrom(...Object.keys(SORTS)),
    filter: fc.oneof(fc.constant('honest'), fc.constantFrom(...Object.keys(FILTERS))),
    form: fc.constantFrom('unix', 'iso', 'plain', 'minute'),
    rows: fc.array(
      fc.record({
        gap: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat(100), fc.nat(50_000)),
        odd: fc.integer({ min: 0, max: 19 }),
        text: fc.constantFrom('a', 'bb', 'ccc'),
        hasId: fc.boolean(),
      }),
      { maxLength: 25 },
    ),
    since: fc.double({ min: 0, max: 1.1, noNaN: true }),
  });

  it('is reported complete only if no row is missing', () => {
    const totals = { complete: 0, paged: 0, incomplete: 0 };
    fc.assert(
      fc.property(arbitraryLog, ({ pageSize, smallestPage, sort, filter, form, rows, since }) => {
        let at = NEWEST;
        const entries = rows.map(({ gap, odd, text, hasId }, i): Entry => {
          at -= gap;
          const date = odd === 0 ? 'unreadable' : odd === 1 ? 'iso' : form;
          const shown = { ...dates(at, date), ...(hasId && { id: `id-${i}` }) };
          return { at, text: `${text} ${i}`, shown };
        });
        const sinceMs = Math.round((NEWEST + since * (at - NEWEST)) * 1_000);
        const sorted = SORTS[sort]!(entries);
        const paging = createSentMessagesPaging(sinceMs, Math.min(smallestPage, pageSize));
        let page: readonly Entry[] = sorted.slice(0, pageSize);
        for (let pages = 1; ; pages++) {
          assert.ok(pages < 100, 'the reading ends');
          const step = paging.take(page.map(spell), NOW);
          if (step.kind === 'done') {
            if (step.incomplete !== undefined) totals.incomplete++;
            else {
              totals[pages > 1 ? 'paged' : 'complete']++;
              const read = new Set(paging.rows().map(({ text }) => text));
              const missing = entries.filter((entry) => mayBeSince(entry, sinceMs) && !read.has(entry.text));
              assert.deepEqual(missing, []);
            }
            return;
          }
          const before = /^\d+$/.test(step.before)
            ? Number(step.before)
            : Date.parse(`${step.before}Z`) / 1_000;
          page = FILTERS[filter]!(sorted, before).slice(0, pageSize);
        }
      }),
      { numRuns: 20_000 },
    );
    // Each course was taken, or the property says little.
    for (const [course, count] of Object.entries(totals)) assert.ok(count > 500, `${course}: ${count}`);
  });
});
