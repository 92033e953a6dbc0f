import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { InboxReading } from '../../src/domain/inbound-messages.js';
import type { UnreadableList } from '../../src/domain/unreadable-list.js';
import type { InboxDialect } from '../../tools/simulator/inbox-dialect.js';
import type { ListFaultName } from '../../tools/simulator/list-fault-catalog.js';
import { LIST_FAULTS } from '../../tools/simulator/list-fault-catalog.js';
import type { PhonesDialect } from '../../tools/simulator/phones-dialect.js';
import { KEY, useSimulator } from '../simulator/simulator-fixture.js';
import { inboxTexts, readInboxOf, readPhonesOf } from './inbox-server.js';

// Just now, as a reader bounds what can be a date by its own clock.
const START_MS = Math.floor(Date.now() / 60_000) * 60_000 - 53_000 + 250;
const SECOND_MS = START_MS - 250;
const PRIVATE = 'private-Z9Q';

describe('the inbox, in each dialect of the simulator', () => {
  let now = START_MS;
  const simulator = useSimulator({ now: () => now });
  beforeEach(() => {
    now = START_MS;
  });
  const read = (sinceMs = 0) => readInboxOf(simulator().url, { apiKey: KEY, sinceMs });
  const only = async (dialect: Partial<InboxDialect>, from = '+33639980001') => {
    simulator().setDialects({ inbox: dialect });
    simulator().receive({ from, message: ' Hé\n' });
    const reading = await read();
    assert.ok(reading.kind === 'read' && reading.messages.length === 1, JSON.stringify(reading));
    return reading.messages[0]!;
  };

  const times: Record<InboxDialect['time'], number | undefined> = {
    timestamp_unix: SECOND_MS,
    'time_received-ms': START_MS,
    'time_received-s': SECOND_MS,
    'time_received-digits': START_MS,
    'date-hour': SECOND_MS,
    none: undefined,
  };
  for (const [time, expected] of Object.entries(times)) {
    for (const values of ['strings', 'numbers'] as const) {
      it(`reads the time from ${time}, ${values}`, async () => {
        const message = await only({ time: time as InboxDialect['time'], values });
        assert.equal(message.receivedAtMs, expected);
        assert.equal(message.message, ' Hé\n');
        assert.equal(message.phoneId, 'phone-1');
      });
    }
  }

  for (const [ids, pattern] of [
    ['id-guid', /^[0-9a-f]{40}$/],
    ['guid', /^[0-9a-f]{40}$/],
    ['id', /^\d+$/],
    ['none', /^sha256-[0-9a-f]{40}$/],
  ] as const) {
    it(`gives the same id at every reading, from ${ids}`, async () => {
      const { providerId } = await only({ ids });
      assert.match(providerId, pattern);
      const again = await read();
      assert.equal(again.kind === 'read' && again.messages[0]?.providerId, providerId);
    });
  }

  for (const [numberForm, from, written] of [
    ['as-written', '0639980001', '0639980001'],
    ['national', '+33639980001', '0639980001'],
    ['digits', '+33639980001', '33639980001'],
    ['as-written', 'MPESA', 'MPESA'],
  ] as const) {
    it(`gives the sender as written: ${written}`, async () => {
      assert.equal((await only({ numberForm }, from)).from, written);
    });
  }

  for (const order of ['newest-first', 'oldest-first'] as const) {
    it(`reads since a time, ${order}`, async () => {
      simulator().setDialects({ inbox: { order } });
      for (const message of ['a', 'b', 'c']) {
        simulator().receive({ from: 'a', message });
        now += 10_000;
      }
      assert.deepEqual(inboxTexts(await read(START_MS + 10_000)).sort(), ['b', 'c']);
      assert.deepEqual(inboxTexts(await read(SECOND_MS)).sort(), ['a', 'b', 'c']);
    });
  }

  it('dates rows by a clock that is off, and is asked by the same clock', async () => {
    simulator().setDialects({ inbox: { clockOffsetMs: -3_600_000 } });
    simulator().receive({ from: 'a', message: 'x' });
    assert.deepEqual(inboxTexts(await read(START_MS)), []);
    const reading = await read(START_MS - 3_600_000);
    assert.equal(reading.kind === 'read' && reading.messages[0]?.receivedAtMs, SECOND_MS - 3_600_000);
  });

  it('reads one phone', async () => {
    simulator().receive({ from: 'a', message: 'x' });
    const reading = await readInboxOf(simulator().url, { apiKey: KEY, phoneId: 'phone-2' });
    assert.deepEqual(inboxTexts(reading), []);
  });

  it('reports an unknown key, unless the provider hides it', async () => {
    const refused = await readInboxOf(simulator().url, { apiKey: 'k3y-other-2b' });
    assert.equal(refused.kind === 'unreadable' && refused.code, 'API_KEY_INVALID');
    simulator().setDialects({ inbox: { unknownKey: 'empty' } });
    const hidden = await readInboxOf(simulator().url, { apiKey: 'k3y-other-2b' });
    assert.deepEqual(inboxTexts(hidden), []);
  });
});

const unreadable = (reason: string, more: Partial<UnreadableList> = {}): UnreadableList => ({
  kind: 'unreadable',
  code: 'PROVIDER_UNAVAILABLE',
  reason,
  ...more,
});
const EXPECTED: Record<ListFaultName, UnreadableList | number> = {
  '403': unreadable('the API key was refused', { code: 'API_KEY_INVALID', httpStatus: 403 }),
  '429': unreadable('too many requests', { code: 'RATE_LIMITED', httpStatus: 429, retryAfterMs: 7_000 }),
  '500': unreadable('the reply was HTTP 500', { httpStatus: 500 }),
  '503': unreadable('the reply was HTTP 503', { httpStatus: 503 }),
  html: unreadable('the reply was not a JSON object', { httpStatus: 200 }),
  'no-array': unreadable('the result contained no list', { httpStatus: 200 }),
  empty: 0,
  'empty-body': unreadable('the reply was empty', { httpStatus: 200 }),
  'invalid-json': unreadable('the reply was not a JSON object', { httpStatus: 200 }),
  'cut-off': unreadable('the reply was cut off', { httpStatus: 200 }),
  'missing-rows': 1,
  slow: 2,
  'slow-body': 2,
  stall: unreadable('no complete reply within the time-out'),
  reset: unreadable('the connection failed: ECONNRESET'),
};

describe('inbox and list of phones, with each fault of the simulator', () => {
  const simulator = useSimulator({
    apiKeys: [
      {
        key: KEY,
        label: 'anna',
        phones: [
          { id: 'p1', label: PRIVATE },
          { id: 'p2', label: PRIVATE },
        ],
      },
    ],
  });

  for (const name of Object.keys(LIST_FAULTS) as ListFaultName[]) {
    for (const list of ['inbox', 'phones'] as const) {
      it(`${list}-${name}`, async () => {
        simulator().receive({ from: '+33639981234', message: PRIVATE });
        simulator().receive({ from: 'MPESA', message: PRIVATE });
        simulator().setFaults({
          kind: `${list}-${name}`,
          ...(name.startsWith('slow') && { delayMs: 20 }),
          ...(name === '429' && { retryAfterSeconds: 7 }),
        });
        const limits = name === 'stall' ? { pageTimeoutMs: 200 } : {};
        const question = { apiKey: KEY, limits };
        const reading =
          list === 'inbox'
            ? await readInboxOf(simulator().url, question)
            : await readPhonesOf(simulator().url, question);
        assertIs(reading, EXPECTED[name]);
      });
    }
  }

  function assertIs(
    reading: InboxReading | Awaited<ReturnType<typeof readPhonesOf>>,
    expected: UnreadableList | number,
  ): void {
    if (typeof expected !== 'number') {
      assert.deepEqual(reading, expected);
      assert.ok(!new RegExp(`${PRIVATE}|3998|MPESA`).test(inspect(reading, { depth: null })));
      return;
    }
    assert.ok(reading.kind === 'read', JSON.stringify(reading));
    assert.equal('messages' in reading ? reading.messages.length : reading.phones.length, expected);
  }
});

describe('the list of phones, in each dialect of the simulator', () => {
  let now = START_MS;
  const simulator = useSimulator({ now: () => now, apiKeys: [{ key: KEY, label: 'anna' }] });
  beforeEach(() => {
    now = START_MS;
  });
  const only = async (dialect: Partial<PhonesDialect> = {}) => {
    simulator().setDialects({ phones: dialect });
    const reading = await readPhonesOf(simulator().url, { apiKey: KEY });
    assert.ok(reading.kind === 'read' && reading.phones.length === 1, JSON.stringify(reading));
    return reading.phones[0]!;
  };
  const PHONE = {
    phoneId: 'phone-1',
    label: 'Phone 1',
    online: true,
    lastSeenAtMs: SECOND_MS,
    battery: 87,
    version: '4.2.0',
  };

  const dialects: Partial<PhonesDialect>[] = [
    {},
    { list: 'mobile' },
    { id: 'sIdentifiant' },
    { id: 'sIdentifiantPhone' },
    { label: 'name' },
    { label: 'phone' },
    { online: 'connected' },
    { online: 'status' },
    { onlineForm: 'number' },
    { onlineForm: 'boolean' },
    { onlineForm: 'word' },
    { battery: 'number' },
    { battery: 'percent' },
    { lastSeen: 'timestamp_unix' },
  ];
  for (const dialect of dialects) {
    it(`reads ${JSON.stringify(dialect)}`, async () => {
      assert.deepEqual(await only(dialect), PHONE);
      simulator().setPhone('phone-1', { online: false, battery: 4 });
      now += 3_600_000;
      assert.deepEqual(await only(dialect), { ...PHONE, online: false, battery: 4 });
    });
  }

  it('leaves out what a row does not say', async () => {
    assert.deepEqual(await only({ online: 'none', battery: 'none', lastSeen: 'none' }), {
      phoneId: 'phone-1',
      label: 'Phone 1',
      version: '4.2.0',
    });
  });
});
