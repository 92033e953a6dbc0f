import assert from 'node:assert/strict';
import { UnknownPlaceError } from '../../tools/simulator/find-place.js';
import type { InboxDialect } from '../../tools/simulator/inbox-dialect.js';
import { askList, KEY, readList, send, useSimulator } from './simulator-fixture.js';

const AT_MS = Date.UTC(2026, 10, 22, 9, 5, 0, 123);
const AT_UNIX = Math.floor(AT_MS / 1_000);
const OTHER_KEY = 'another-key-9876543210';

describe('simulator: inbox', () => {
  let now = AT_MS;
  const simulator = useSimulator({
    now: () => now,
    apiKeys: [
      {
        key: KEY,
        label: 'anna',
        phones: [
          { id: 'p1', label: 'Pixel' },
          { id: 'p2', label: 'Fairphone' },
        ],
      },
      { key: OTHER_KEY, label: 'ben', phones: [{ id: 'b1', label: 'Nokia' }] },
    ],
  });
  beforeEach(() => {
    now = AT_MS;
  });
  const texts = async (query: Record<string, string> = {}) =>
    (await readList(simulator(), 'inbox', query)).map((row) => row['message']);
  const receiveAll = (...messages: string[]) => {
    for (const message of messages) {
      simulator().receive({ from: '+33639980001', message });
      now += 10_000;
    }
  };

  it('gives a row as the API reference does', async () => {
    const received = simulator().receive({ from: '0639980001', message: ' STOP ' });
    const reply: unknown = await (await askList(simulator(), 'inbox')).json();
    const row = {
      id: received.id,
      sIdentifiantPhone: 'p1',
      timestamp_unix: String(AT_UNIX),
      message: ' STOP ',
      number: '0639980001',
      guid: received.guid,
      alias: '',
    };
    assert.deepEqual(reply, { result: { error: null, sms: [row] } });
  });

  it('is empty for an account that nobody wrote to', async () => {
    simulator().receive({ from: 'MPESA', message: 'Confirmed', accountLabel: 'ben' });
    assert.deepEqual(await texts(), []);
    assert.deepEqual(await texts({ apikey: OTHER_KEY }), ['Confirmed']);
  });

  it('filters by after_timestamp_unix, later than this second', async () => {
    receiveAll('a', 'b', 'c');
    assert.deepEqual(await texts(), ['c', 'b', 'a']);
    assert.deepEqual(await texts({ after_timestamp_unix: String(AT_UNIX) }), ['c', 'b']);
    assert.deepEqual(await texts({ after_timestamp_unix: String(AT_UNIX - 1) }), ['c', 'b', 'a']);
    assert.deepEqual(await texts({ after_timestamp_unix: String(AT_UNIX + 20) }), []);
  });

  it('filters by sIdentifiantPhone and onlyunread', async () => {
    simulator().receive({ from: 'a', message: 'to p1' });
    simulator().receive({ from: 'a', message: 'to p2', phoneId: 'p2' });
    assert.deepEqual(await texts({ sIdentifiantPhone: 'p2', onlyunread: 'yes' }), ['to p2']);
    assert.deepEqual(await texts({ onlyunread: 'yes' }), ['to p1']);
    assert.deepEqual(await texts({ onlyunread: 'yes' }), []);
    assert.deepEqual(await texts({ sIdentifiantPhone: 'p3' }), []);
    assert.deepEqual(await texts(), ['to p2', 'to p1']);
  });

  it('answers 400 to an invalid filter or no key, and 403 to an unknown one', async () => {
    for (const query of [{ after_timestamp_unix: 'soon' }, { onlyunread: '1' }, { apikey: '' }]) {
      assert.equal((await askList(simulator(), 'inbox', query)).status, 400);
    }
    assert.equal((await askList(simulator(), 'inbox', { apikey: 'wrong' })).status, 403);
  });

  it('gives an unknown key an empty list in the dialect that does', async () => {
    simulator().setDialects({ inbox: { unknownKey: 'empty' } });
    simulator().receive({ from: 'a', message: 'b' });
    const response = await askList(simulator(), 'inbox', { apikey: 'wrong' });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { result: { error: null, sms: [] } });
    assert.equal((await askList(simulator(), 'inbox', { apikey: '' })).status, 400);
  });

  it('takes a reply to the phone that last wrote to the number', async () => {
    assert.equal(simulator().receive({ from: '+33639980001', message: 'x' }).phoneId, 'p1');
    await send(simulator(), { sIdentifiant: 'p2' });
    assert.equal(simulator().receive({ from: '+33639980001', message: 'x' }).phoneId, 'p2');
    await send(simulator(), { apikey: OTHER_KEY });
    assert.equal(simulator().receive({ from: '+33639980001', message: 'x' }).accountLabel, 'ben');
    assert.equal(
      simulator().receive({ from: '+33639980001', message: 'x', phoneId: 'p1' }).accountLabel,
      'anna',
    );
    assert.throws(() => simulator().receive({ from: 'a', message: 'x', phoneId: 'p9' }), UnknownPlaceError);
    assert.throws(
      () => simulator().receive({ from: 'a', message: 'x', phoneId: 'p1', accountLabel: 'ben' }),
      UnknownPlaceError,
    );
  });

  it('dates a message that the phone uploads late by when it came', async () => {
    simulator().receive({ from: 'a', message: 'late', receivedAt: '2026-11-20T09:05:00+01:00' });
    const [row] = await readList(simulator(), 'inbox');
    assert.equal(row?.['timestamp_unix'], String(Date.UTC(2026, 10, 20, 8, 5) / 1_000));
    assert.deepEqual(await texts({ after_timestamp_unix: String(AT_UNIX - 10) }), []);
  });

  const times: Record<InboxDialect['time'], object> = {
    timestamp_unix: { timestamp_unix: String(AT_UNIX) },
    'time_received-ms': { time_received: String(AT_MS) },
    'time_received-s': { time_received: String(AT_UNIX) },
    'time_received-digits': { time_received: '20261122090500123' },
    'date-hour': { date: '2026-11-22', hour: '09:05:00' },
    none: {},
  };
  for (const [time, fields] of Object.entries(times)) {
    it(`dates rows by ${time}`, async () => {
      simulator().setDialects({ inbox: { time: time as InboxDialect['time'] } });
      const { id, guid } = simulator().receive({ from: 'MPESA', message: 'x' });
      assert.deepEqual(await readList(simulator(), 'inbox'), [
        { id, sIdentifiantPhone: 'p1', ...fields, message: 'x', number: 'MPESA', guid, alias: '' },
      ]);
    });
  }

  for (const [numberForm, from, written] of [
    ['as-written', '0639980001', '0639980001'],
    ['national', '+33639980001', '0639980001'],
    ['digits', '+33639980001', '33639980001'],
    ['e164', '+33639980001', '+33639980001'],
    ['national', 'MPESA', 'MPESA'],
  ] as const) {
    it(`writes ${from} as ${written} in the form ${numberForm}`, async () => {
      simulator().setDialects({ inbox: { numberForm } });
      simulator().receive({ from, message: 'x' });
      assert.equal((await readList(simulator(), 'inbox'))[0]?.['number'], written);
    });
  }

  for (const [ids, names] of [
    ['id-guid', ['guid', 'id']],
    ['id', ['id']],
    ['guid', ['guid']],
    ['none', []],
  ] as const) {
    it(`gives the ids ${ids}`, async () => {
      simulator().setDialects({ inbox: { ids } });
      simulator().receive({ from: 'a', message: 'x' });
      const [row = {}] = await readList(simulator(), 'inbox');
      assert.deepEqual(
        Object.keys(row)
          .filter((name) => name === 'id' || name === 'guid')
          .sort(),
        names,
      );
    });
  }

  it('orders, writes numbers and shifts the clock as the dialect wants it', async () => {
    simulator().setDialects({
      inbox: { order: 'oldest-first', values: 'numbers', clockOffsetMs: -3_600_000 },
    });
    receiveAll('a', 'b');
    const [first] = await readList(simulator(), 'inbox');
    assert.equal(first?.['message'], 'a');
    assert.equal(first['timestamp_unix'], AT_UNIX - 3_600);
    assert.equal(typeof first['id'], 'number');
    assert.deepEqual(await texts({ after_timestamp_unix: String(AT_UNIX - 3_600) }), ['b']);
    simulator().reset();
    receiveAll('again');
    assert.equal((await readList(simulator(), 'inbox'))[0]?.['timestamp_unix'], String(AT_UNIX + 20));
  });

  it('is emptied with the phones', async () => {
    receiveAll('a');
    simulator().type({ to: '+33639980001', message: 'b' });
    simulator().clear();
    assert.deepEqual([await texts(), simulator().inbound(), simulator().typed()], [[], [], []]);
  });
});

describe('simulator: messages typed on a phone', () => {
  let now = AT_MS;
  const simulator = useSimulator({ now: () => now, apiKeys: [{ key: KEY, label: 'anna' }] });

  it('are listed newest first, within a period and a limit', async () => {
    for (const [message, days] of [
      ['old', 8],
      ['recent', 3],
      ['new', 0],
    ] as const) {
      simulator().type({
        to: '+33639980001',
        message,
        at: new Date(now - days * 86_400_000).toISOString(),
      });
    }
    const texts = async (query: Record<string, string>) =>
      (await readList(simulator(), 'typed', query)).map((row) => row['message']);
    assert.deepEqual(await texts({ period: 'last_7days', limit: '200' }), ['new', 'recent']);
    assert.deepEqual(await texts({ period: 'last_7days', limit: '1' }), ['new']);
    assert.deepEqual(await texts({}), ['new', 'recent', 'old']);
    const { id, guid } = simulator().typed()[0] ?? {};
    assert.deepEqual((await readList(simulator(), 'typed')).at(-1), {
      id,
      sIdentifiantPhone: 'phone-1',
      timestamp_unix: String(AT_UNIX - 8 * 86_400),
      message: 'old',
      number: '+33639980001',
      guid,
    });
    now = AT_MS;
  });

  it('are refused for an unknown period', async () => {
    assert.equal((await askList(simulator(), 'typed', { period: 'ever' })).status, 400);
    assert.equal((await askList(simulator(), 'typed', { limit: 'all' })).status, 400);
  });
});
