import assert from 'node:assert/strict';
import { describeFault, SEND_FAULT_KINDS, type SendFaultKind } from '../../tools/simulator/fault-catalog.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { networkErrorOf, readLog, send, useSimulator, type SendReply } from './simulator-fixture.js';

type Expectation = (response: Response, recorded: boolean) => Promise<void> | void;

const result =
  (fields: Record<string, unknown>, id: 'with id' | 'without id'): Expectation =>
  async (response) => {
    assert.equal(response.status, 200);
    const { result: found } = (await response.json()) as SendReply;
    for (const [name, value] of Object.entries(fields)) assert.equal(found[name], value, name);
    assert.equal('id' in found, id === 'with id');
  };

const refusal =
  (status: number): Expectation =>
  async (response) => {
    assert.equal(response.status, status);
    const body = (await response.json()) as SendReply;
    assert.equal(typeof body.error, 'string');
    assert.equal(typeof body.message, 'string');
  };

const html =
  (status: number): Expectation =>
  async (response) => {
    assert.equal(response.status, status);
    assert.match(response.headers.get('content-type') ?? '', /text\/html/);
    assert.match(await response.text(), /<html>/);
  };

const redirect =
  (status: number): Expectation =>
  (response) => {
    assert.equal(response.status, status);
    assert.match(response.headers.get('location') ?? '', /\/sendsms\/redirected\/$/);
  };

const body =
  (text: string): Expectation =>
  async (response) => {
    assert.equal(response.status, 200);
    assert.equal(await response.text(), text);
  };

const late: Expectation = async (response, recorded) => {
  assert.equal(response.status, recorded ? 200 : 503);
  const reply = (await response.json()) as Partial<SendReply>;
  assert.equal(reply.result?.['error'], recorded ? 0 : undefined);
};

const accepted = result({ error: 0, sent: '1' }, 'with id');

/** Faults that leave a reply; the others are tested one by one. */
const replies: Partial<Record<SendFaultKind, Expectation>> = {
  'error-1': result({ error: 1, sent: 'no' }, 'without id'),
  'error-2': result({ error: 2, sent: 'no' }, 'without id'),
  'error-string': result({ error: 'invalid_recipient', sent: '0' }, 'without id'),
  'subscription-expire': result({ error: 'subscription_expire', sent: 'no' }, 'without id'),
  'api-error': result({ error: 'message_refused', sent: 'api_error' }, 'without id'),
  'error-with-id': result({ error: 3, sent: 'no' }, 'with id'),
  'no-id': result({ error: 0, sent: '1' }, 'without id'),
  'sent-other': result({ error: 0, sent: '0' }, 'with id'),
  strings: result({ error: '0', sent: '1' }, 'with id'),
  numbers: result({ error: 0, sent: 1 }, 'with id'),
  'http-400': refusal(400),
  'http-401': refusal(401),
  'http-403': refusal(403),
  'http-429': async (response) => {
    assert.equal(response.headers.get('retry-after'), '2');
    await refusal(429)(response, false);
  },
  'http-429-date': async (response) => {
    assert.match(response.headers.get('retry-after') ?? '', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    await refusal(429)(response, false);
  },
  'http-500': refusal(500),
  'http-502': refusal(502),
  'http-503': refusal(503),
  'html-200': html(200),
  'html-502': html(502),
  'redirect-301': redirect(301),
  'redirect-302': redirect(302),
  'redirect-307': redirect(307),
  'redirect-308': redirect(308),
  'empty-200': body(''),
  'invalid-json': body('{"result":{"error":0,"sent":"1",'),
  'missing-result': body('{"status":"ok"}'),
  'huge-body': async (response) => {
    let size = 0;
    for await (const piece of response.body ?? []) size += (piece as Uint8Array).length;
    assert.ok(size > 1_000_000);
  },
  'truncated-body': async (response) => {
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
  },
  'slow-body': late,
  'slow-reply': late,
  'phone-offline': result({ error: 2, sent: 'no' }, 'without id'),
  'phone-fails': accepted,
  'phone-late': accepted,
  'phone-fails-first': accepted,
  'phone-never': accepted,
  'provider-fails': accepted,
  'row-late': accepted,
  'row-missing': accepted,
};

const tuning: Partial<Record<SendFaultKind, object>> = {
  'huge-body': { bytes: 1_000_000 },
  'slow-body': { delayMs: 20 },
  'slow-reply': { delayMs: 20 },
  'phone-late': { phoneDelayMs: 20 },
  'phone-fails-first': { phoneRetryMs: 20 },
};
const lost: SendFaultKind[] = ['reset-before-read', 'reset-after-read'];
const neverSent: SendFaultKind[] = ['phone-fails', 'phone-never', 'provider-fails'];

describe('simulator: faults of a send', () => {
  const simulator = useSimulator();

  for (const kind of SEND_FAULT_KINDS) {
    const { isOutcomeUnknown, alwaysRecorded } = describeFault(kind);
    for (const recorded of isOutcomeUnknown ? [false, true] : [alwaysRecorded === true]) {
      const form = isOutcomeUnknown ? (recorded ? ', recorded' : ', not recorded') : '';
      it(`${kind}${form}`, async () => {
        simulator().setFaults({ kind, ...(isOutcomeUnknown && { recorded }), ...tuning[kind] });
        await expectReply(kind, recorded);
        assert.equal(simulator().requests()[0]?.outcome, kind);
        assert.equal(simulator().requests()[0]?.recorded, recorded);
        simulator().setFaults([]);
        await expectTruth(kind, recorded);
      });
    }
  }

  async function expectReply(kind: SendFaultKind, recorded: boolean): Promise<void> {
    if (lost.includes(kind)) {
      assert.equal(await networkErrorOf(send(simulator())), 'ECONNRESET');
      return;
    }
    if (kind === 'stall') {
      const caller = new AbortController();
      const pending = send(simulator(), {}, { signal: caller.signal });
      const stalled = assert.rejects(pending, { name: 'AbortError' });
      while (simulator().requests()[0]?.outcome !== 'stall') await new Promise(setImmediate);
      caller.abort();
      await stalled;
      return;
    }
    await replies[kind]?.(await send(simulator()), recorded);
    assert.ok(replies[kind], 'every fault has an expectation');
  }

  async function expectTruth(kind: SendFaultKind, recorded: boolean): Promise<void> {
    await send(simulator(), { recipients: '+33639980002', message: 'after' });
    await simulator().waitForMessage(({ text }) => text === 'after');
    const sent = recorded && !neverSent.includes(kind);
    if (sent) await simulator().waitForMessage(({ text }) => text === 'Hello');
    assert.equal(simulator().messages().length, sent ? 2 : 1);
    const rows = await readLog(simulator(), { keyword: 'Hello' });
    assert.equal(rows.length, recorded && kind !== 'row-late' && kind !== 'row-missing' ? 1 : 0);
  }
});

describe('simulator: magic numbers', () => {
  const simulator = useSimulator();

  const status = async (recipients: string) => (await send(simulator(), { recipients })).status;

  it('meets the fault on every send with form 0', async () => {
    const number = magicNumberFor('http-503');
    assert.equal(number, '+33639985030');
    assert.deepEqual([await status(number), await status(number)], [503, 503]);
    assert.equal(simulator().messages().length, 0);
  });

  it('still records the message with form 1', async () => {
    assert.equal(await status('+33639985031'), 503);
    assert.equal((await simulator().waitForMessage()).recipient, '+33639985031');
  });

  it('meets the fault on the first send only with form 2', async () => {
    assert.deepEqual([await status('+33639985032'), await status('+33639985032')], [503, 200]);
  });

  it('shows a duplicate after a blind resend with form 3', async () => {
    assert.deepEqual([await status('+33639985033'), await status('+33639985033')], [503, 200]);
    assert.equal(simulator().messages().length, 2);
  });

  it('meets the fault on the first three sends with forms 4 and 5', async () => {
    const statuses: number[] = [];
    for (let sends = 0; sends < 4; sends += 1) statuses.push(await status('+33639985004'));
    assert.deepEqual(statuses, [500, 500, 500, 200]);
  });

  it('counts anew after reset()', async () => {
    assert.equal(await status('+33639985032'), 503);
    simulator().reset();
    assert.equal(await status('+33639985032'), 503);
  });

  for (const number of [
    '+33639980001',
    '+33639984291',
    '+33639985006',
    '+33639999990',
    '+33639985030'.slice(0, -1),
  ]) {
    it(`accepts ${number}, which is not magic`, async () => {
      assert.equal(await status(number), 200);
    });
  }

  it('gives every fault its own code', () => {
    const numbers = SEND_FAULT_KINDS.map((kind) => magicNumberFor(kind));
    assert.equal(new Set(numbers).size, SEND_FAULT_KINDS.length);
    for (const number of numbers) assert.match(number, /^\+3363998\d{4}$/);
  });
});

describe('simulator: details of faults', () => {
  const simulator = useSimulator();

  it('notes a redirect that a caller follows', async () => {
    simulator().setFaults({ kind: 'redirect-307' });
    await send(simulator(), {}, { redirect: 'follow' });
    assert.deepEqual(
      simulator()
        .requests()
        .map(({ path }) => path),
      ['/sendsms/', '/sendsms/redirected/'],
    );
    assert.equal(simulator().requests()[1]?.fields['apikey'], 'tests');
  });

  it('redirects to the address in the rule', async () => {
    simulator().setFaults({ kind: 'redirect-302', location: 'https://example.test/login' });
    assert.equal((await send(simulator())).headers.get('location'), 'https://example.test/login');
  });

  it('asks to wait for the time in the rule', async () => {
    simulator().setFaults({ kind: 'http-429', retryAfterSeconds: 7 });
    assert.equal((await send(simulator())).headers.get('retry-after'), '7');
  });

  it('resets before reading when the rule names no number', async () => {
    simulator().setFaults({ kind: 'reset-before-read', times: 1 });
    assert.equal(await networkErrorOf(send(simulator())), 'ECONNRESET');
    assert.deepEqual(simulator().requests()[0]?.fields, {});
  });

  it('reports whether the phone or the provider failed', async () => {
    simulator().setFaults([
      { kind: 'phone-fails', times: 1 },
      { kind: 'provider-fails', times: 1 },
    ]);
    await send(simulator());
    await send(simulator());
    const [provider, phone] = await readLog(simulator());
    assert.equal(phone?.['send_from_mobile'], '0');
    assert.equal(phone['send_from_mobile_erreur'], 'RESULT_ERROR_NO_SERVICE');
    assert.equal(provider?.['error_api'], 'carrier_refused');
  });

  it('shows a late row eventually', async () => {
    simulator().setFaults({ kind: 'row-late', rowDelayMs: 50 });
    await send(simulator());
    while ((await readLog(simulator())).length === 0) await new Promise(setImmediate);
    assert.equal(simulator().messages().length, 1);
  });
});
