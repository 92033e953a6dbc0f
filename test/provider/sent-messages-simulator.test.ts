import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { listFaultKinds, type SentMessagesFaultKind } from '../../tools/simulator/list-fault-catalog.js';
import type { LogDialect } from '../../tools/simulator/sent-messages-dialect.js';
import type { LoggedTime, SentMessages } from '../../src/domain/sent-messages.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { KEY, send, useSimulator } from '../simulator/simulator-fixture.js';
import { readLogOf, textsOf, type LogReading } from './sent-messages-server.js';

// Not at a whole minute, whose rows are taken to be dated to the minute.
const START_MS = Date.UTC(2026, 9, 22, 9, 5, 7);

describe('the list of sent messages, in each dialect of the simulator', () => {
  let now = START_MS;
  const simulator = useSimulator({ now: () => now });
  const row = async (dialect: Partial<LogDialect>) => {
    now = START_MS + 250;
    await send(simulator(), { message: ' Hé\n' });
    simulator().setLogDialect(dialect);
    const log = await readLogOf(simulator().url, { apiKey: KEY });
    assert.ok(log.kind === 'read' && log.rows.length === 1, JSON.stringify(log));
    return log.rows[0]!;
  };
  const second: LoggedTime = { kind: 'exact', atMs: START_MS };
  const millisecond: LoggedTime = { kind: 'exact', atMs: START_MS + 250 };
  const plain: LoggedTime = { kind: 'zoneless', asUtcMs: START_MS };

  for (const number of ['number', 'recipients'] as const) {
    for (const [numberForm, written] of [
      ['e164', '+33639980001'],
      ['national', '0639980001'],
      ['digits', '33639980001'],
    ] as const) {
      it(`reads the number as ${number}, ${numberForm}`, async () => {
        assert.equal((await row({ number, numberForm })).number, written);
      });
    }
  }
  for (const guid of ['guid', 'guid_message', 'id'] as const) {
    it(`reads the message id as ${guid}`, async () => {
      const { messageIds } = await row({ guid });
      assert.deepEqual(messageIds, [simulator().messages()[0]?.id]);
    });
  }
  for (const [dates, dateForm, expected] of [
    [['date'], 'plain', plain],
    [['datetime'], 'plain', plain],
    [['date', 'datetime'], 'plain', plain],
    [['date'], 'iso', millisecond],
    [['datetime'], 'iso', millisecond],
    [['timestamp_unix'], 'plain', second],
    [['date', 'timestamp_unix'], 'plain', second],
    [['date', 'datetime', 'timestamp_unix'], 'iso', second],
  ] as const) {
    it(`reads the date as ${dates.join(' and ')}, ${dateForm}`, async () => {
      assert.deepEqual((await row({ dates: [...dates], dateForm })).time, expected);
    });
  }
  for (const [text, written] of [
    ['exact', ' Hé\n'],
    ['trimmed', 'Hé'],
  ] as const) {
    it(`reads the text, ${text}`, async () => {
      assert.equal((await row({ text })).text, written);
    });
  }

  for (const [kind, code] of [
    ['phone-fails', 'mobileError'],
    ['provider-fails', 'apiError'],
  ] as const) {
    it(`reads a failure of ${kind}`, async () => {
      simulator().setFaults({ kind });
      now = START_MS;
      await send(simulator());
      const failure = await waitUntil(`the row to show its ${code}`, async () => {
        const log = await readLogOf(simulator().url, { apiKey: KEY });
        return log.kind === 'read' && log.rows[0]?.failure;
      });
      assert.match(failure, /^[A-Za-z_]+$/);
    });
  }
});

describe('the list of sent messages, in pages of three', () => {
  let now = START_MS;
  const simulator = useSimulator({ now: () => now, messagesPageSize: 3 });
  const TEXTS = Array.from({ length: 12 }, (_, i) => `text ${i}`);
  const NEWEST_FIRST = TEXTS.toReversed();
  /** Two in every second that has any, so that some second lies across two pages. */
  const sendAll = async (everyMs: number) => {
    now = START_MS;
    for (const [i, message] of TEXTS.entries()) {
      if (i % 2 === 1) now += everyMs;
      await send(simulator(), { message });
    }
  };

  for (const dialect of [
    { dates: ['timestamp_unix'] },
    { dates: ['date'], dateForm: 'iso' },
    { dates: ['date'], dateForm: 'plain' },
  ] as const satisfies Partial<{ dates: readonly string[]; dateForm: string }>[]) {
    it(`is read completely: ${JSON.stringify(dialect)}`, async () => {
      simulator().setLogDialect({ ...dialect, dates: [...dialect.dates] });
      await sendAll(10_000);
      const log = await readLogOf(simulator().url, { apiKey: KEY });
      assert.deepEqual(textsOf(log), { texts: NEWEST_FIRST, incomplete: undefined });
    });
  }

  it('reaches back to the wanted time', async () => {
    await sendAll(10_000);
    const sinceMs = START_MS + 30_000;
    const log = await readLogOf(simulator().url, { apiKey: KEY, sinceMs });
    assert.deepEqual(textsOf(log), { texts: NEWEST_FIRST.slice(0, 7), incomplete: undefined });
  });

  it('is incomplete when a second may hold more than a page', async () => {
    await sendAll(200);
    const { texts, incomplete } = textsOf(await readLogOf(simulator().url, { apiKey: KEY }));
    assert.equal(incomplete, 'a page of sent messages may contain too few rows');
    assert.deepEqual(texts, NEWEST_FIRST.slice(0, 3));
  });
});

describe('the list of sent messages, with each fault of the simulator', () => {
  const simulator = useSimulator();
  const read = (reading: LogReading = {}) => readLogOf(simulator().url, { apiKey: KEY, ...reading });
  const unreadable = (reason: string, httpStatus?: number): SentMessages => {
    return { kind: 'unreadable', reason, ...(httpStatus !== undefined && { httpStatus }) };
  };

  const EXPECTED: Record<SentMessagesFaultKind, SentMessages | number> = {
    'log-403': unreadable('the API key was refused', 403),
    'log-429': unreadable('too many requests', 429),
    'log-500': unreadable('the reply was HTTP 500', 500),
    'log-503': unreadable('the reply was HTTP 503', 503),
    'log-html': unreadable('the reply was not a JSON object', 200),
    'log-no-array': unreadable('the result contained no list of messages', 200),
    'log-empty': { kind: 'read', rows: [], incomplete: undefined, reachesBack: false },
    'log-empty-body': unreadable('the reply was empty', 200),
    'log-invalid-json': unreadable('the reply was not a JSON object', 200),
    'log-cut-off': unreadable('the reply was cut off', 200),
    'log-missing-rows': 1,
    'log-slow': 2,
    'log-slow-body': 2,
    'log-stall': unreadable('no complete reply within the time-out'),
    'log-reset': unreadable('the connection failed: ECONNRESET'),
  };
  for (const kind of listFaultKinds('log')) {
    it(kind, async () => {
      await send(simulator(), { message: 'first' });
      await send(simulator(), { message: 'second' });
      simulator().setFaults({ kind, ...(kind.startsWith('log-slow') && { delayMs: 20 }) });
      const log = await read(kind === 'log-stall' ? { limits: { pageTimeoutMs: 200 } } : {});
      const expected = EXPECTED[kind];
      if (typeof expected === 'number') assert.equal(textsOf(log).texts.length, expected);
      else assert.deepEqual(log, expected);
    });
  }

  it('reports a key unknown to the provider', async () => {
    assert.deepEqual(await read({ apiKey: 'k3y-other-2b' }), EXPECTED['log-403']);
  });

  it('stops when aborted, and leaves no listener', async () => {
    const abort = new AbortController();
    simulator().setFaults({ kind: 'log-stall' });
    const reading = read({ signal: abort.signal });
    await waitUntil('the request to arrive', () => simulator().faults()[0]?.hits === 1);
    abort.abort();
    assert.deepEqual(await reading, unreadable('the read was aborted'));
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  });
});

describe('the list of sent messages of a new account', () => {
  const simulator = useSimulator({});

  it('is read to its end, as it is shorter than any page', async () => {
    for (const count of [1, 2, 3]) {
      await send(simulator());
      const log = await readLogOf(simulator().url, { apiKey: KEY, limits: { smallestPageRows: 10 } });
      assert.ok(log.kind === 'read' && log.rows.length === count, JSON.stringify(log));
      assert.equal(log.incomplete, undefined);
    }
  });
});
