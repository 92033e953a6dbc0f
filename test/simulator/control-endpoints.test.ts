import assert from 'node:assert/strict';
import { request } from 'node:http';
import { isAllowedHost } from '../../tools/simulator/guard-requests.js';
import { control, KEY, readLog, send, useSimulator } from './simulator-fixture.js';

interface Refusal {
  error: string;
  message: string;
}

describe('simulator: control endpoints', () => {
  const simulator = useSimulator({ allowedHosts: ['sms.example.test'] });

  const read = async (path: string) => (await control(simulator(), 'GET', path)).json() as Promise<object>;
  const kinds = () =>
    simulator()
      .faults()
      .map(({ rule }) => rule.kind);

  it('adds, lists, replaces and removes faults', async () => {
    const added = await control(simulator(), 'POST', 'faults', { kind: 'http-429', times: 2 });
    assert.equal(added.status, 201);
    const { faults } = (await added.json()) as { faults: { id: number }[] };
    await control(simulator(), 'POST', 'faults', [{ kind: 'stall' }, { kind: 'log-500' }]);
    assert.deepEqual(kinds(), ['http-429', 'stall', 'log-500']);
    assert.equal((await control(simulator(), 'DELETE', `faults/${faults[0]?.id ?? 0}`)).status, 204);
    assert.deepEqual(kinds(), ['stall', 'log-500']);
    assert.equal((await control(simulator(), 'PUT', 'faults', [{ kind: 'http-500' }])).status, 200);
    assert.deepEqual(await read('faults'), { faults: simulator().faults() });
    assert.equal((await control(simulator(), 'DELETE', 'faults')).status, 204);
    assert.deepEqual(kinds(), []);
    assert.equal((await control(simulator(), 'DELETE', 'faults/99')).status, 404);
  });

  it('names the invalid field of a fault', async () => {
    const response = await control(simulator(), 'POST', 'faults', { kind: 'stall', times: 'two', colour: 1 });
    assert.equal(response.status, 400);
    const { message } = (await response.json()) as Refusal;
    assert.match(message, /times:/);
    assert.match(message, /colour/);
  });

  it('answers 400 to invalid JSON', async () => {
    const response = await fetch(`${simulator().url}/_control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    assert.equal(response.status, 400);
  });

  it('reads and changes the dialect', async () => {
    const response = await control(simulator(), 'PATCH', 'dialect', { number: 'recipients' });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), await read('dialect'));
    await send(simulator());
    assert.equal((await readLog(simulator()))[0]?.['recipients'], '+33639980001');
    assert.equal((await control(simulator(), 'PATCH', 'dialect', { number: 'phone' })).status, 400);
  });

  it('shows state, messages and requests without a key', async () => {
    await send(simulator());
    await simulator().waitForMessage();
    assert.deepEqual(await read('messages'), { messages: simulator().messages() });
    assert.deepEqual(await read('taken'), { taken: simulator().taken() });
    assert.deepEqual(await read('requests'), { count: 1, requests: simulator().requests() });
    const state = JSON.stringify(await read('state'));
    assert.match(state, /"messageCount":1/);
    for (const path of ['state', 'messages', 'taken', 'requests', 'catalog', 'faults', 'reads', 'inbound']) {
      assert.ok(!JSON.stringify(await read(path)).includes(KEY), path);
    }
  });

  it('reads and changes the dialects of inbox and phones', async () => {
    for (const [path, changes] of [
      ['dialect/inbox', { time: 'date-hour' }],
      ['dialect/phones', { list: 'mobile' }],
    ] as const) {
      const response = await control(simulator(), 'PATCH', path, changes);
      assert.equal(response.status, 200);
      const dialect = (await response.json()) as object;
      assert.deepEqual({ ...dialect, ...changes }, dialect);
      assert.deepEqual(dialect, await read(path));
      assert.equal((await control(simulator(), 'PATCH', path, { colour: 1 })).status, 400);
    }
  });

  it('writes to a phone of an account, also from names and in national form', async () => {
    for (const from of ['+33639980001', '0639980001', 'MPESA']) {
      const response = await control(simulator(), 'POST', 'inbound', { from, message: 'STOP' });
      assert.equal(response.status, 201);
      const received = (await response.json()) as object;
      assert.deepEqual({ ...received, from, text: 'STOP', phoneId: 'phone-1' }, received);
    }
    assert.deepEqual(await read('inbound'), { inbound: simulator().inbound() });
    assert.equal(simulator().inbound().length, 3);
  });

  it('types on a phone, and changes its state', async () => {
    const typed = { to: '+33639980001', message: 'Hello', at: '2026-11-22T09:05:00Z' };
    assert.equal((await control(simulator(), 'POST', 'typed', typed)).status, 201);
    assert.deepEqual(await read('typed'), { typed: simulator().typed() });
    const response = await control(simulator(), 'PATCH', 'phones/phone-1', { online: false });
    assert.equal(((await response.json()) as { online: boolean }).online, false);
  });

  for (const [method, path, body, message] of [
    ['POST', 'inbound', { from: ' ', message: 'x' }, /from: Give a number/],
    ['POST', 'inbound', { from: 'a', message: '' }, /message: Write a message/],
    ['POST', 'inbound', { from: 'a', message: 'x', receivedAt: 'today' }, /receivedAt/],
    ['POST', 'inbound', { from: 'a', message: 'x', to: 'b' }, /to/],
    ['POST', 'inbound', { from: 'a', message: 'x', phoneId: 'p9' }, /No account/],
    ['POST', 'typed', { to: 'a' }, /message/],
    ['PATCH', 'phones/phone-1', { battery: 101 }, /battery/],
    ['PATCH', 'phones/p9', { online: true }, /No account/],
  ] as const) {
    it(`refuses ${method} ${path} ${JSON.stringify(body)}`, async () => {
      const response = await control(simulator(), method, path, body);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as Refusal).message, message);
    });
  }

  it('shows the reads of lists', async () => {
    await readLog(simulator());
    assert.deepEqual(await read('reads'), { count: 1, reads: simulator().reads() });
  });

  it('clears messages, list and requests, and keeps the faults', async () => {
    await send(simulator());
    simulator().setFaults({ kind: 'stall' });
    assert.equal((await control(simulator(), 'POST', 'clear')).status, 204);
    assert.deepEqual(
      [simulator().messages(), simulator().requests(), await readLog(simulator())],
      [[], [], []],
    );
    assert.deepEqual(kinds(), ['stall']);
  });

  it('resets everything', async () => {
    simulator().setFaults({ kind: 'stall' });
    assert.equal((await control(simulator(), 'POST', 'reset')).status, 204);
    assert.deepEqual(kinds(), []);
  });

  it('refuses a body that is not declared as JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const response = await fetch(`${simulator().url}/_control/faults`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"kind":"stall"}',
      });
      assert.equal(response.status, 415);
    }
    assert.deepEqual(kinds(), []);
  });

  for (const [name, headers] of [
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
  ] as const) {
    it(`refuses ${name}`, async () => {
      assert.equal(await statusOf('/_control/faults', { ...headers }), 403);
      assert.equal(await statusOf('/_control/events', { ...headers }), 403);
    });
  }

  it('answers requests of its own page', async () => {
    const { host } = new URL(simulator().url);
    const headers = { origin: simulator().url, host, 'sec-fetch-site': 'same-origin' };
    assert.equal(await statusOf('/_control/faults', headers), 200);
  });

  for (const path of ['/', '/_control/messages', '/assets/inbox.js']) {
    it(`refuses ${path} under a foreign host name`, async () => {
      assert.equal(await statusOf(path, { host: 'rebound.example:8090' }), 403);
      assert.equal(await statusOf(path, { host: 'sms.example.test:8090' }), 200);
    });
  }

  it('knows which host names are safe', () => {
    for (const host of [
      'localhost:8090',
      'LOCALHOST',
      '127.0.0.1',
      '[::1]:80',
      '192.168.1.5:1',
      'simulator',
      'a.localhost',
    ]) {
      assert.ok(isAllowedHost(host, []), host);
    }
    for (const host of ['', 'evil.example', '127.0.0.1.evil.example', 'a b', 'evil.example.']) {
      assert.ok(!isAllowedHost(host, []), host);
    }
  });

  function statusOf(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${simulator().url}${path}`, { headers, agent: false }, (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      outgoing.once('error', reject);
      outgoing.end();
    });
  }
});
