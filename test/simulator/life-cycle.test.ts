import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../tools/servers/free-port.js';
import { startSimulator } from '../../tools/simulator/start-simulator.js';
import { MessageTimeoutError } from '../../tools/simulator/wait-for-message.js';
import { KEY, send, until, useSimulator } from './simulator-fixture.js';

describe('simulator: life cycle', () => {
  it('generates a demo key when none is given', async () => {
    const simulator = await startSimulator({ phoneDelayMs: 0 });
    const [account] = simulator.accounts;
    assert.equal(account?.label, 'demo');
    assert.equal((await send(simulator, { apikey: account.key })).status, 200);
    await simulator.close();
  });

  it('refuses an empty or repeated key', async () => {
    await assert.rejects(startSimulator({ apiKeys: [] }), RangeError);
    await assert.rejects(startSimulator({ apiKeys: [' '] }), RangeError);
    await assert.rejects(startSimulator({ apiKeys: ['a', 'a'] }), RangeError);
  });

  it('listens on the given port, and rejects when it is taken', async () => {
    const port = await freePort();
    const simulator = await startSimulator({ port });
    assert.equal(simulator.url, `http://127.0.0.1:${port}`);
    await assert.rejects(startSimulator({ port }), { code: 'EADDRINUSE' });
    await simulator.close();
  });

  it('reports a reachable address when it listens on all interfaces', async () => {
    const simulator = await startSimulator({ host: '0.0.0.0' });
    assert.match(simulator.url, /^http:\/\/127\.0\.0\.1:/);
    assert.equal((await fetch(simulator.url)).status, 200);
    await simulator.close();
  });

  it('ends stalled, slow, event and idle connections with close()', async () => {
    const simulator = await startSimulator({ apiKeys: [KEY] });
    const { port } = new URL(simulator.url);
    simulator.setFaults([
      { kind: 'stall', times: 1 },
      { kind: 'slow-body', delayMs: 600_000, times: 1 },
      { kind: 'huge-body', bytes: 1_000_000_000, times: 1 },
    ]);
    const stalled = assert.rejects(send(simulator));
    await until('the stall', () => simulator.requests()[0]?.outcome === 'stall');
    const slow = await send(simulator);
    const huge = await send(simulator);
    const events = await fetch(`${simulator.url}/_control/events`);
    const idle = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    await once(idle, 'connect');
    const waiting = assert.rejects(simulator.waitForMessage(), MessageTimeoutError);
    const ended = once(idle, 'close');
    await simulator.close();
    await Promise.all([
      stalled,
      waiting,
      ended,
      assert.rejects(slow.text()),
      assert.rejects(huge.text()),
      assert.rejects(events.text()),
    ]);
    await assert.rejects(fetch(simulator.url));
  });
});

describe('simulator: waiting and events', () => {
  const simulator = useSimulator();

  it('finds a message that already exists', async () => {
    await send(simulator());
    const message = await simulator().waitForMessage();
    assert.equal(await simulator().waitForMessage(({ text }) => text === 'Hello'), message);
  });

  it('rejects when no message matches in time', async () => {
    await send(simulator());
    await assert.rejects(
      simulator().waitForMessage(({ text }) => text === 'Other', { timeoutMs: 20 }),
      MessageTimeoutError,
    );
  });

  it('rejects when the predicate fails', async () => {
    const failing = assert.rejects(
      simulator().waitForMessage(() => {
        throw new Error('no');
      }),
      /no/,
    );
    await send(simulator());
    await failing;
  });

  it('announces every reply', async () => {
    const caller = new AbortController();
    const events = await fetch(`${simulator().url}/_control/events`, { signal: caller.signal });
    simulator().receive({ from: 'MPESA', message: 'Confirmed' });
    let text = '';
    for await (const piece of events.body ?? []) {
      text += new TextDecoder().decode(piece as Uint8Array);
      if (text.includes('event: inbound\n') && text.endsWith('\n\n')) break;
    }
    caller.abort();
    const data = /event: inbound\ndata: (.*)\n\n/.exec(text)?.[1] ?? '';
    assert.deepEqual(JSON.parse(data), simulator().inbound()[0]);
  });

  it('announces every message, and asks browsers to reconnect', async () => {
    const caller = new AbortController();
    const events = await fetch(`${simulator().url}/_control/events`, { signal: caller.signal });
    assert.match(events.headers.get('content-type') ?? '', /text\/event-stream/);
    await send(simulator(), { message: 'line 1\nline 2' });
    let text = '';
    for await (const piece of events.body ?? []) {
      text += new TextDecoder().decode(piece as Uint8Array);
      if (text.includes('event: message\n') && text.endsWith('\n\n')) break;
    }
    caller.abort();
    assert.match(text, /^retry: \d+$/m);
    const data = /event: message\ndata: (.*)\n\n/.exec(text)?.[1] ?? '';
    assert.deepEqual(JSON.parse(data), simulator().messages()[0]);
  });
});
