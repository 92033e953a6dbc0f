import assert from 'node:assert/strict';
import { createDeliveryReader } from '../../src/provider/delivery-reader.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { KEY, LIST_PATHS, sendAndRead, useSimulator } from '../simulator/simulator-fixture.js';
import { followAll, type FollowedMessage } from './delivery-reader-fixture.js';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 9, 22, 9, 5, 7);
const NEVER = String(Date.UTC(2040, 0, 1) / 1_000);
const OTHER_KEY = 'key-of-another-account-01234';

describe('reading what phones did with messages', () => {
  const clock = { nowMs: START_MS };
  const simulator = useSimulator({
    now: () => clock.nowMs,
    apiKeys: [
      { key: KEY, label: 'tests' },
      { key: OTHER_KEY, label: 'other' },
    ],
  });
  beforeEach(() => {
    clock.nowMs = START_MS;
  });

  /** A reader of its own: a worker that has just started. */
  function openReader() {
    const provider = createSmsMobileApi({ baseUrl: simulator().url });
    const requestsAtMs: number[] = [];
    const read = createDeliveryReader(
      (apiKey, filter) => {
        requestsAtMs.push(clock.nowMs);
        return provider.fetchDeliveries(apiKey, filter);
      },
      { everyMs: MINUTE_MS, gatherMs: 0, nowMs: () => clock.nowMs },
    );
    return { read, requestsAtMs };
  }

  async function accept(fields: Record<string, string> = {}): Promise<FollowedMessage> {
    const { body } = await sendAndRead(simulator(), fields);
    return { messageId: String(body.result['id']), acceptedAtMs: clock.nowMs };
  }

  async function acceptMany(
    count: number,
    withinMs: number,
    fields: (index: number) => Record<string, string>,
  ) {
    const accepted: FollowedMessage[] = [];
    for (let index = 0; index < count; index++) {
      clock.nowMs = START_MS + Math.floor((index * withinMs) / count);
      accepted.push(await accept(fields(index)));
    }
    return accepted;
  }

  const queries = () =>
    simulator()
      .reads()
      .filter(({ path }) => path === LIST_PATHS.log)
      .map(({ fields }) => Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'apikey')));

  function assertPaced(requestsAtMs: readonly number[]): void {
    const tooSoon = requestsAtMs.filter(
      (atMs, index) => index > 0 && atMs - (requestsAtMs[index - 1] ?? 0) < MINUTE_MS,
    );
    assert.deepEqual(tooSoon, []);
  }

  it('asks for one message by its id', async () => {
    const [message] = [await accept(), await accept()];
    const { read } = openReader();
    const { messageId, acceptedAtMs } = message;
    const answer = await read({ apiKey: KEY, messageId, sinceMs: acceptedAtMs });
    assert.deepEqual(answer, { kind: 'read', report: { kind: 'sent' }, ageMs: 0 });
    assert.deepEqual(queries(), [{ guid_message: messageId }]);
  });

  it('serves all who ask at the same time with one request', async () => {
    const messages = await acceptMany(40, 1_000, () => ({}));
    const { read } = openReader();
    const answers = await Promise.all(
      messages.map(({ messageId, acceptedAtMs: sinceMs }) => read({ apiKey: KEY, messageId, sinceMs })),
    );
    assert.ok(answers.every((answer) => answer.kind === 'read' && answer.report.kind === 'sent'));
    assert.deepEqual(queries(), [{}]);
  });

  it('answers who asks too soon when to ask again, and makes no request', async () => {
    const [one, other] = [await accept({ schedule_timestamp: NEVER }), await accept()];
    const { read } = openReader();
    const question = { apiKey: KEY, sinceMs: START_MS };
    await read({ ...question, messageId: one.messageId });
    clock.nowMs += 10_000;
    const answer = await read({ ...question, messageId: other.messageId });
    assert.deepEqual(answer, { kind: 'later', afterMs: MINUTE_MS - 10_000 + 50 });
    assert.equal(queries().length, 1);
    clock.nowMs += MINUTE_MS;
    assert.deepEqual(await read({ ...question, messageId: other.messageId }), {
      kind: 'read',
      report: { kind: 'sent' },
      ageMs: 0,
    });
  });

  it('paces each account by itself', async () => {
    const one = await accept();
    const { messageId } = await accept({ apikey: OTHER_KEY });
    const { read } = openReader();
    const sinceMs = START_MS;
    const answers = [
      await read({ apiKey: KEY, messageId: one.messageId, sinceMs }),
      await read({ apiKey: OTHER_KEY, messageId, sinceMs }),
    ];
    assert.ok(answers.every(({ kind }) => kind === 'read'));
  });

  it('answers with nothing older than the question, unless it says sent', async () => {
    const pending = await accept({ schedule_timestamp: NEVER });
    const { read } = openReader();
    const question = { apiKey: KEY, messageId: pending.messageId, sinceMs: START_MS };
    assert.deepEqual(await read(question), { kind: 'read', report: { kind: 'pending' }, ageMs: 0 });
    clock.nowMs += 1_000;
    assert.equal((await read(question)).kind, 'later');
    clock.nowMs += 5 * MINUTE_MS;
    assert.deepEqual(await read(question), { kind: 'read', report: { kind: 'pending' }, ageMs: 0 });
  });

  it('answers a check with nothing that was read for an earlier one', async () => {
    const [message, other] = [await accept({ schedule_timestamp: NEVER }), await accept()];
    const { read } = openReader();
    const question = { apiKey: KEY, messageId: message.messageId, sinceMs: START_MS };
    await read({ ...question, messageId: other.messageId, checkId: 'other' });
    // The check goes on at another worker, and the next reading here is somebody else's.
    assert.equal((await read({ ...question, checkId: 'first' })).kind, 'later');
    clock.nowMs += 2 * MINUTE_MS;
    await Promise.all(
      Array.from({ length: 4 }, (_, index) => read({ ...question, messageId: `${index}`.repeat(40) })),
    );
    clock.nowMs += 5 * MINUTE_MS;
    const before = queries().length;
    assert.deepEqual(await read({ ...question, checkId: 'last' }), {
      kind: 'read',
      report: { kind: 'pending' },
      ageMs: 0,
    });
    assert.equal(queries().length, before + 1);
  });

  it('says of a message that the list does not show that it is not listed', async () => {
    await accept();
    const { read } = openReader();
    const answer = await read({ apiKey: KEY, messageId: 'f'.repeat(40), sinceMs: START_MS });
    assert.deepEqual(answer, { kind: 'read', report: { kind: 'unlisted' }, ageMs: 0 });
  });

  it('finds old messages by their ids where the newest page does not show them', async () => {
    const old = [await accept(), await accept()];
    clock.nowMs += 600 * MINUTE_MS;
    for (let count = 0; count < 60; count++) await accept();
    const { read, requestsAtMs } = openReader();
    const question = { apiKey: KEY, sinceMs: START_MS };
    const kinds = async () => {
      const answers = await Promise.all(old.map(({ messageId }) => read({ ...question, messageId })));
      clock.nowMs += MINUTE_MS + 50;
      return answers.map(({ kind }) => kind);
    };
    assert.deepEqual(await kinds(), ['later', 'later']);
    assert.deepEqual((await kinds()).toSorted(), ['later', 'read']);
    assert.equal(requestsAtMs.length, 2);
    const [first, second] = queries();
    assert.deepEqual([first, Object.keys(second ?? {})], [{}, ['guid_message']]);
  });

  for (const [kind, code] of [
    ['log-500', 'PROVIDER_UNAVAILABLE'],
    ['log-429', 'RATE_LIMITED'],
    ['log-empty-body', 'PROVIDER_UNAVAILABLE'],
  ] as const) {
    it(`is unreadable to all who wait, and paced on: ${kind}`, async () => {
      const messages = [await accept(), await accept()];
      const { read } = openReader();
      simulator().addFaults({ kind, times: 1 });
      const ask = () =>
        Promise.all(messages.map(({ messageId }) => read({ apiKey: KEY, messageId, sinceMs: START_MS })));
      for (const answer of await ask()) {
        assert.ok(answer.kind === 'unreadable' && answer.code === code, JSON.stringify(answer));
        assert.ok((answer.retryAfterMs ?? 0) > MINUTE_MS - 1);
      }
      assert.deepEqual(
        (await ask()).map((answer) => answer.kind),
        ['later', 'later'],
      );
      assert.equal(queries().length, 1);
    });
  }

  it('makes at most one request a minute for 200 messages that were accepted within one', async () => {
    const messages = await acceptMany(200, MINUTE_MS, (index) =>
      // The phone sends half of them, and none of the others.
      index % 2 === 0 ? {} : { schedule_timestamp: NEVER },
    );
    const { read, requestsAtMs } = openReader();
    const followed = await followAll(messages, { read, apiKey: KEY, clock });
    assertPaced(requestsAtMs);
    followed.forEach(({ end, reports }, index) => {
      assert.equal(end, index % 2 === 0 ? 'sent' : 'unknown', `${index}: ${reports.join(', ')}`);
      assert.ok(reports.includes('sent') || reports.at(-1) === 'pending', reports.join(', '));
    });
    // Pages of 50 rows: four requests serve all of them, at each of six moments.
    assert.ok(requestsAtMs.length <= 60, `${requestsAtMs.length} requests`);
  });

  it('asks by their ids for messages that the list cannot be read back to', async () => {
    // All of one second: nothing shows the order of the rows.
    const messages = await acceptMany(54, 500, () => ({ schedule_timestamp: NEVER }));
    const { read, requestsAtMs } = openReader();
    const followed = await followAll(messages, { read, apiKey: KEY, clock });
    assertPaced(requestsAtMs);
    for (const { end, reports } of followed) assert.deepEqual([end, reports.at(-1)], ['unknown', 'pending']);
    assert.ok(queries().filter((query) => 'guid_message' in query).length >= 4);
  });

  it('keeps nothing of what nobody asks for any more', async () => {
    const { messageId } = await accept({ schedule_timestamp: NEVER });
    const { read, requestsAtMs } = openReader();
    await read({ apiKey: KEY, messageId, sinceMs: START_MS });
    clock.nowMs += 60 * MINUTE_MS;
    const other = await accept();
    await read({ apiKey: KEY, messageId: other.messageId, sinceMs: START_MS });
    // By its id, as nothing else is wanted.
    assert.deepEqual(queries().at(-1), { guid_message: other.messageId });
    assert.equal(requestsAtMs.length, 2);
  });
});
