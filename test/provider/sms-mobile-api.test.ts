import assert from 'node:assert/strict';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { ACCEPTED, assertOutcome, httpReply, REQUEST, sendTo, startRawServer } from './provider-fixture.js';

describe('the client of SMSMobileAPI, against the simulator', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ apiKeys: [{ key: REQUEST.apiKey, label: 'test' }], phoneDelayMs: 0 });
  });
  beforeEach(() => {
    simulator.reset();
  });
  after(() => simulator.close());

  it('delivers a message to a phone', async () => {
    const outcome = await sendTo(simulator.url);
    assert.ok(outcome.kind === 'accepted');
    const received = await simulator.waitForMessage(({ id }) => id === outcome.messageId);
    assert.deepEqual([received.recipient, received.text], [REQUEST.recipientPhone, REQUEST.message]);
  });

  it('keeps every character of a text, and a base address with a slash at its end', async () => {
    const message = 'Été & hiver + 100 % = ça va ?\r\n"\u{1F44D}" \u0000;#/€';
    const outcome = await sendTo(`${simulator.url}/`, { message });
    assert.ok(outcome.kind === 'accepted');
    const received = await simulator.waitForMessage(({ id }) => id === outcome.messageId);
    assert.equal(received.text, message);
  });

  it('reports a key unknown to the provider', async () => {
    assertOutcome(await sendTo(simulator.url, { apiKey: 'k3y-other' }), 'API_KEY_INVALID');
  });

  /** Each fault of the simulator that ends by itself → the outcome. */
  const FAULTS: [FaultRule, Parameters<typeof assertOutcome>[1]][] = [
    [{ kind: 'error-1' }, 'API_KEY_INVALID'],
    [{ kind: 'error-2' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'error-string' }, 'MESSAGE_SEND_FAILED'],
    [{ kind: 'subscription-expire' }, 'API_KEY_INVALID'],
    [{ kind: 'api-error' }, 'MESSAGE_SEND_FAILED'],
    [{ kind: 'error-with-id' }, 'unknown'],
    [{ kind: 'no-id', recorded: true }, 'unknown'],
    [{ kind: 'sent-other' }, 'unknown'],
    [{ kind: 'strings' }, 'accepted'],
    [{ kind: 'numbers' }, 'accepted'],
    [{ kind: 'http-400' }, 'MESSAGE_SEND_FAILED'],
    [{ kind: 'http-401' }, 'API_KEY_INVALID'],
    [{ kind: 'http-403' }, 'API_KEY_INVALID'],
    [{ kind: 'http-429' }, 'RATE_LIMITED'],
    [{ kind: 'http-500' }, 'unknown'],
    [{ kind: 'http-502', recorded: true }, 'unknown'],
    [{ kind: 'http-503' }, 'unknown'],
    [{ kind: 'html-200' }, 'unknown'],
    [{ kind: 'html-502' }, 'unknown'],
    [{ kind: 'empty-200', recorded: true }, 'unknown'],
    [{ kind: 'invalid-json' }, 'unknown'],
    [{ kind: 'missing-result' }, 'unknown'],
    [{ kind: 'huge-body', bytes: 5_000_000 }, 'unknown'],
    [{ kind: 'truncated-body' }, 'unknown'],
    [{ kind: 'reset-before-read' }, 'unknown'],
    [{ kind: 'reset-after-read', recorded: true }, 'unknown'],
    [{ kind: 'slow-reply', recorded: true, delayMs: 100 }, 'accepted'],
  ];
  for (const [fault, expected] of FAULTS) {
    it(`concludes ${expected} from ${fault.kind}, after one request`, async () => {
      simulator.setFaults(fault);
      assertOutcome(await sendTo(simulator.url), expected);
      assert.equal(simulator.requestCount(), 1);
    });
  }

  it('concludes accepted from an accepted reply nested too deeply to print', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const body = `{"result":{"error":0,"sent":"1","id":"${'a'.repeat(40)}"},"x":${deep}}`;
    const server = await startRawServer({ request: (socket) => socket.end(httpReply(body)) });
    try {
      assertOutcome(await sendTo(server.url), 'accepted');
    } finally {
      await server.close();
    }
  });

  it('reads Retry-After of a 429, in seconds and as a date', async () => {
    simulator.setFaults({ kind: 'http-429', retryAfterSeconds: 120 });
    const seconds = await sendTo(simulator.url);
    assert.ok(seconds.kind === 'not-sent' && seconds.retryAfterMs === 120_000);
    simulator.setFaults({ kind: 'http-429-date', retryAfterSeconds: 3_600 });
    const date = await sendTo(simulator.url);
    assert.ok(date.kind === 'not-sent' && date.retryAfterMs !== undefined);
    assert.ok(date.retryAfterMs > 3_000_000 && date.retryAfterMs <= 3_600_000);
  });

  for (const [status, kind] of [
    [301, 'redirect-301'],
    [302, 'redirect-302'],
    [307, 'redirect-307'],
    [308, 'redirect-308'],
  ] as const) {
    it(`does not follow a ${status}, so the second host sees no connection`, async () => {
      const second = await startRawServer();
      try {
        simulator.setFaults({ kind, location: `${second.url}/sendsms/` });
        const outcome = await sendTo(simulator.url);
        assertOutcome(outcome, 'unknown');
        assert.equal(outcome.httpStatus, status);
        assert.equal(second.sockets.length, 0);
        assert.equal(simulator.requestCount(), 1);
      } finally {
        await second.close();
      }
    });
  }
});

describe('the wire format of a send', () => {
  const sendAndListen = async (changes: Parameters<typeof sendTo>[1] = {}, path = '') => {
    const server = await startRawServer({ request: (socket) => socket.end(httpReply(ACCEPTED)) });
    try {
      assertOutcome(await sendTo(`${server.url}${path}`, changes), 'accepted');
      const [head = '', body = ''] = server.received().split('\r\n\r\n');
      const [line = '', ...headers] = head.split('\r\n');
      return { line, headers: headers.map((header) => header.toLowerCase()), body };
    } finally {
      await server.close();
    }
  };

  it('is one POST to /sendsms/ with a form body, the plus percent-encoded', async () => {
    const { line, headers, body } = await sendAndListen();
    assert.equal(line, 'POST /sendsms/ HTTP/1.1');
    assert.ok(headers.some((header) => header.startsWith('content-type: application/x-www-form-urlencoded')));
    assert.equal(body, 'apikey=k3y-4f7a0c9e2b&recipients=%2B33639981234&message=Bonjour-Z9Q&sendsms=1');
  });

  it('names the phone and the SIM slot if the job does', async () => {
    const { body } = await sendAndListen({ sendingPhoneId: 'phone-1', simSlot: 2 });
    const fields = new URLSearchParams(body);
    assert.deepEqual([fields.get('sIdentifiant'), fields.get('port')], ['phone-1', '2']);
  });

  it('holds the key in the body only', async () => {
    const { line, headers } = await sendAndListen();
    assert.ok(![line, ...headers].some((text) => text.includes(REQUEST.apiKey.toLowerCase())));
    assert.ok(!headers.some((header) => /^(authorization|cookie|referer)/.test(header)));
  });

  it('goes below the path of the base address', async () => {
    const { line } = await sendAndListen({}, '/proxy/v1');
    assert.equal(line, 'POST /proxy/v1/sendsms/ HTTP/1.1');
  });

  it('closes the connection, and never reuses one', async () => {
    const server = await startRawServer({ request: (socket) => socket.write(httpReply(ACCEPTED)) });
    const api = createSmsMobileApi({ baseUrl: server.url });
    try {
      for (let i = 0; i < 3; i++) assertOutcome(await api.send(REQUEST), 'accepted');
      assert.equal(server.sockets.length, 3);
      assert.equal(server.received().match(/^connection: close\r$/gim)?.length, 3);
      await waitUntil('every connection to be closed', () => server.closed() >= 3);
    } finally {
      api.close();
      await server.close();
    }
  });

  it('keeps concurrent sends apart', async () => {
    const server = await startRawServer({ request: (socket) => socket.end(httpReply(ACCEPTED)) });
    const api = createSmsMobileApi({ baseUrl: server.url });
    try {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          api.send({ ...REQUEST, ...(i % 2 === 0 && { refuseToWrite: () => 'not now' }) }),
        ),
      );
      outcomes.forEach((outcome, i) => {
        assertOutcome(outcome, i % 2 === 0 ? 'PROVIDER_UNAVAILABLE' : 'accepted');
      });
      assert.equal(server.received().match(/POST \/sendsms\/ HTTP/g)?.length, 10);
    } finally {
      api.close();
      await server.close();
    }
  });
});
