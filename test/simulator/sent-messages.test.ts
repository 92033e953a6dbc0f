import assert from 'node:assert/strict';
import { listFaultKinds, type SentMessagesFaultKind } from '../../tools/simulator/list-fault-catalog.js';
import {
  askLog,
  networkErrorOf,
  readLog,
  send,
  until,
  useSimulator,
  type LogReply,
} from './simulator-fixture.js';

describe('simulator: list of sent messages', () => {
  let now = Date.UTC(2026, 10, 22, 9, 5, 0);
  const simulator = useSimulator({ now: () => now, messagesPageSize: 3 });

  const sendTexts = async (...texts: string[]) => {
    for (const message of texts) {
      now += 10_000;
      await send(simulator(), { message });
    }
  };
  const texts = async (query: Record<string, string> = {}) =>
    (await readLog(simulator(), query)).map((row) => row['message']);

  it('formats a row as the API reference does', async () => {
    now = Date.UTC(2026, 10, 22, 9, 5, 0);
    await send(simulator(), { message: ' Hello ', port: '1' });
    const [row] = await readLog(simulator());
    assert.deepEqual(row, {
      guid: simulator().messages()[0]?.id,
      number: '+33639980001',
      message: ' Hello ',
      date: '2026-11-22 09:05:00',
      timestamp_unix: '1795338300',
      sIdentifiant: 'phone-1',
      port: '1',
      send_from_mobile: '1',
      send_from_mobile_erreur: '',
      error_api: '',
    });
  });

  it('lists newest first, in bounded pages that before= continues', async () => {
    await sendTexts('a', 'b', 'c', 'd', 'e');
    assert.deepEqual(await texts(), ['e', 'd', 'c']);
    const [, , last] = await readLog(simulator());
    assert.deepEqual(await texts({ before: last?.['timestamp_unix'] ?? '' }), ['b', 'a']);
    assert.deepEqual(await texts({ before: last?.['date'] ?? '' }), ['b', 'a']);
    assert.deepEqual(await texts({ before: last?.['guid'] ?? '' }), ['b', 'a']);
  });

  it('filters by guid_message, and says so when the row does not exist', async () => {
    await sendTexts('a', 'b');
    const id = simulator().messages()[0]?.id ?? '';
    assert.deepEqual(await texts({ guid_message: id }), ['a']);
    const reply = (await (await askLog(simulator(), { guid_message: '0'.repeat(40) })).json()) as LogReply;
    assert.deepEqual(reply.result.sms, []);
    assert.notEqual(reply.result.error, '');
  });

  it('filters by keyword in number or text', async () => {
    await sendTexts('Red bike', 'blue car');
    assert.deepEqual(await texts({ keyword: 'BIKE' }), ['Red bike']);
    assert.deepEqual(await texts({ keyword: '639980001' }), ['blue car', 'Red bike']);
  });

  it('filters by error_mobile and error_api', async () => {
    simulator().setFaults([
      { kind: 'phone-fails', times: 1 },
      { kind: 'provider-fails', times: 1 },
    ]);
    await sendTexts('phone', 'provider', 'fine');
    assert.deepEqual(await texts({ error_mobile: '1' }), ['phone']);
    assert.deepEqual(await texts({ error_api: '1' }), ['provider']);
    assert.deepEqual(await texts({ error_api: '0', error_mobile: '0' }), ['fine']);
  });

  it('answers 400 to an invalid filter', async () => {
    assert.equal((await askLog(simulator(), { before: 'soon' })).status, 400);
    assert.equal((await askLog(simulator(), { error_api: '2' })).status, 400);
  });

  it('answers 400 without a key and 403 to an unknown one', async () => {
    assert.equal((await askLog(simulator(), { apikey: '' })).status, 400);
    assert.equal((await askLog(simulator(), { apikey: 'wrong' })).status, 403);
  });

  it('shows send_from_mobile empty until the phone has sent, then 1', async () => {
    simulator().setFaults({ kind: 'phone-late', times: 1 });
    await sendTexts('late', 'sent');
    const rows = await readLog(simulator());
    assert.deepEqual(
      rows.map((row) => [row['message'], row['send_from_mobile']]),
      [
        ['sent', '1'],
        ['late', ''],
      ],
    );
  });

  it('uses the chosen dialect, and the default one after reset()', async () => {
    await sendTexts(' padded ');
    simulator().setLogDialect({
      number: 'recipients',
      numberForm: 'national',
      guid: 'guid_message',
      dates: ['datetime'],
      dateForm: 'iso',
      text: 'trimmed',
    });
    const [row] = await readLog(simulator());
    assert.equal(row?.['recipients'], '0639980001');
    assert.equal(row['message'], 'padded');
    assert.match(row['guid_message'] ?? '', /^[0-9a-f]{40}$/);
    assert.equal(row['datetime'], new Date(now).toISOString());
    for (const name of ['number', 'guid', 'date', 'timestamp_unix']) assert.ok(!(name in row), name);
    simulator().reset();
    await sendTexts('again');
    assert.equal((await readLog(simulator()))[0]?.['number'], '+33639980001');
  });
});

describe('simulator: late list of sent messages', () => {
  let now = 1_800_000_000_000;
  const simulator = useSimulator({ now: () => now, logDelayMs: 5_000 });

  it('shows a row only after the delay', async () => {
    await send(simulator());
    assert.deepEqual(await readLog(simulator()), []);
    now += 5_000;
    assert.equal((await readLog(simulator())).length, 1);
  });
});

describe('simulator: faults of the list of sent messages', () => {
  const simulator = useSimulator();

  const expectations: Record<SentMessagesFaultKind, () => Promise<void>> = {
    'log-403': () => expectStatus(403),
    'log-429': () => expectStatus(429),
    'log-500': () => expectStatus(500),
    'log-503': () => expectStatus(503),
    'log-html': async () => {
      const response = await askLog(simulator());
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<html>/);
    },
    'log-no-array': async () => {
      assert.ok(!Array.isArray(await readLog(simulator())));
    },
    'log-empty': async () => {
      assert.deepEqual(await readLog(simulator()), []);
    },
    'log-empty-body': async () => {
      assert.equal(await (await askLog(simulator())).text(), '');
    },
    'log-invalid-json': async () => {
      await assert.rejects(readLog(simulator()), SyntaxError);
    },
    'log-cut-off': async () => {
      await assert.rejects(readLog(simulator()), TypeError);
    },
    'log-missing-rows': async () => {
      assert.deepEqual(
        (await readLog(simulator())).map((row) => row['message']),
        ['first'],
      );
    },
    'log-slow': async () => {
      assert.equal((await readLog(simulator())).length, 2);
    },
    'log-slow-body': async () => {
      assert.equal((await readLog(simulator())).length, 2);
    },
    'log-stall': async () => {
      const caller = new AbortController();
      const stalled = assert.rejects(askLog(simulator(), {}, { signal: caller.signal }), {
        name: 'AbortError',
      });
      while (simulator().faults()[0]?.hits !== 1) await new Promise(setImmediate);
      caller.abort();
      await stalled;
    },
    'log-reset': async () => {
      assert.equal(await networkErrorOf(askLog(simulator())), 'ECONNRESET');
    },
  };

  for (const kind of listFaultKinds('log')) {
    it(kind, async () => {
      await send(simulator(), { message: 'first' });
      await send(simulator(), { message: 'second', recipients: '+33639980002' });
      simulator().setFaults({ kind, ...(kind.startsWith('log-slow') && { delayMs: 20 }) });
      await expectations[kind]();
      simulator().setFaults([]);
      assert.equal((await readLog(simulator())).length, 2);
    });
  }

  it('leaves out the rows of one number', async () => {
    await send(simulator(), { message: 'first' });
    await send(simulator(), { message: 'second', recipients: '+33639980002' });
    simulator().setFaults({ kind: 'log-missing-rows', number: '+33639980001' });
    assert.deepEqual(
      (await readLog(simulator())).map((row) => row['message']),
      ['second'],
    );
  });

  async function expectStatus(status: number): Promise<void> {
    assert.equal((await askLog(simulator())).status, status);
  }
});

describe('simulator: what a phone makes of a message', () => {
  const simulator = useSimulator();
  const states = () =>
    simulator()
      .taken()
      .map(({ state }) => state);
  const row = async () => {
    const [{ send_from_mobile: sent, send_from_mobile_erreur: error } = {}] = await readLog(simulator());
    return [sent, error];
  };

  it('fails first, then sends', async () => {
    simulator().setFaults({ kind: 'phone-fails-first', times: 1, phoneRetryMs: 1_000 });
    await send(simulator());
    await until('the failure', () => states()[0] === 'failed');
    assert.deepEqual(await row(), ['0', 'RESULT_ERROR_RADIO_OFF']);
    assert.equal(simulator().taken()[0]?.failure, 'RESULT_ERROR_RADIO_OFF');
    await simulator().waitForMessage();
    assert.deepEqual(await row(), ['1', '']);
    assert.deepEqual(states(), ['sent']);
    const [taken] = simulator().taken();
    assert.ok(taken);
    const { takenAtMs, listedFromMs, failedAtMs = 0, sentAtMs = 0 } = taken;
    assert.equal(listedFromMs, takenAtMs);
    assert.ok(takenAtMs <= failedAtMs && failedAtMs <= sentAtMs, 'in the order of their time');
    assert.equal(simulator().messages()[0]?.at, new Date(sentAtMs).toISOString());
  });

  it('never sends', async () => {
    simulator().setFaults({ kind: 'phone-never', times: 1 });
    await send(simulator());
    await send(simulator(), { message: 'after' });
    await simulator().waitForMessage(({ text }) => text === 'after');
    assert.deepEqual(states(), ['pending', 'sent']);
  });

  it('sends what it has once it is back', async () => {
    simulator().setFaults({ kind: 'phone-late', times: 1, phoneDelayMs: 50 });
    await send(simulator());
    simulator().setPhone('phone-1', { online: false });
    await send(simulator(), { message: 'refused' });
    // Fires after the timer of the phone, which is shorter and in this process.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(states(), ['pending']);
    assert.deepEqual(await row(), ['', '']);
    simulator().setPhone('phone-1', { online: true });
    await simulator().waitForMessage();
    assert.deepEqual(states(), ['sent']);
  });
});
