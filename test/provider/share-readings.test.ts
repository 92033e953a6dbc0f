import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { waitUntil } from '../../tools/servers/wait-until.js';
import type { LoggedSms, SentMessages, SentMessagesRequest } from '../../src/domain/sent-messages.js';
import { shareReadings } from '../../src/provider/share-readings.js';

const SINCE_MS = Date.UTC(2030, 0, 1, 12, 0, 30);

const row = (atMs: number): LoggedSms => ({
  messageIds: [String(atMs)],
  number: '+33639980001',
  text: 'Bonjour',
  failure: undefined,
  time: { kind: 'exact', atMs },
});

/** A list that records its reads, each of which ends on request. */
function createList(rows: readonly LoggedSms[] = [], reachesBack = false) {
  const readings: (SentMessagesRequest & { readonly end: () => void })[] = [];
  const read = (request: SentMessagesRequest) =>
    new Promise<SentMessages>((resolve) => {
      const end = () => {
        resolve({ kind: 'read', rows, incomplete: undefined, reachesBack });
      };
      readings.push({ ...request, end });
    });
  const begun = (count: number) => waitUntil(`${count} readings`, () => readings.length === count);
  return { readings, read, begun };
}

describe('sharing reads of the sent messages', () => {
  const ask = (apiKey = 'key', sinceMs = SINCE_MS, signal?: AbortSignal) => ({
    apiKey,
    sinceMs,
    ...(signal === undefined ? {} : { signal }),
  });

  it('reads once for all callers before it begins, back to the earliest wanted time', async () => {
    const { readings, read, begun } = createList([row(SINCE_MS - 20_000), row(SINCE_MS + 60_000)]);
    const shared = shareReadings(read, { gatherMs: 0 });
    const asked = [shared(ask()), shared(ask('key', SINCE_MS - 30_000)), shared(ask())];
    await begun(1);
    assert.equal(readings[0]?.sinceMs, SINCE_MS - 30_000);
    readings[0].end();
    const [first, second] = await Promise.all(asked);
    assert.ok(first?.kind === 'read' && second?.kind === 'read');
    assert.deepEqual([first.rows.length, first.reachesBack], [1, true]);
    assert.deepEqual([second.rows.length, second.reachesBack], [2, false]);
  });

  it('gives no caller a read that began before the call', async () => {
    const { readings, read, begun } = createList();
    const shared = shareReadings(read, { gatherMs: 0 });
    const first = shared(ask());
    await begun(1);
    const second = shared(ask());
    await begun(2);
    readings[1]?.end();
    await second;
    readings[0]?.end();
    await first;
  });

  it('begins at most one read per interval, for any number of callers', async () => {
    const { readings, read, begun } = createList();
    // Longer than twenty turns of the event loop take on any machine.
    const shared = shareReadings(read, { gatherMs: 2_000 });
    const asked = [shared(ask())];
    await begun(1);
    for (let i = 0; i < 20; i++) {
      asked.push(shared(ask()));
      await nextTurn();
    }
    await begun(2);
    for (const { end } of readings) end();
    await Promise.all(asked);
    assert.equal(readings.length, 2);
  });

  it('shares nothing between keys, or between times far apart', async () => {
    const { readings, read, begun } = createList();
    const shared = shareReadings(read, { gatherMs: 0 });
    const asked = [shared(ask()), shared(ask('other')), shared(ask('key', SINCE_MS - 3_600_000))];
    await begun(3);
    for (const { end } of readings) end();
    await Promise.all(asked);
  });

  it('releases a caller who gives up, and stops a read that nobody awaits', async () => {
    const { readings, read, begun } = createList();
    const shared = shareReadings(read, { gatherMs: 0 });
    const [one, other] = [new AbortController(), new AbortController()];
    const first = shared(ask('key', SINCE_MS, one.signal));
    const second = shared(ask('key', SINCE_MS, other.signal));
    await begun(1);
    one.abort();
    assert.equal((await first).kind, 'unreadable');
    assert.equal(readings[0]?.signal?.aborted, false);
    other.abort();
    assert.equal((await second).kind, 'unreadable');
    assert.equal(readings[0].signal.aborted, true);
    const aborted = await shared(ask('key', SINCE_MS, AbortSignal.abort()));
    assert.equal(aborted.kind, 'unreadable');
    assert.equal(readings.length, 1);
  });

  it('starts over for the next caller when all others gave up before it began', async () => {
    const { readings, read, begun } = createList();
    const shared = shareReadings(read, { gatherMs: 0 });
    const end = new AbortController();
    const given = shared(ask('key', SINCE_MS, end.signal));
    end.abort();
    assert.equal((await given).kind, 'unreadable');
    const next = shared(ask());
    await begun(1);
    readings[0]?.end();
    assert.equal((await next).kind, 'read');
  });
});
