import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { ACCEPTED, assertOutcome, httpReply, sendTo, startRawServer } from './provider-fixture.js';

describe('an aborted send', () => {
  it('resets the connection while it awaits the reply, and may be out', async () => {
    const abort = new AbortController();
    const server = await startRawServer({
      request: () => {
        abort.abort();
      },
    });
    try {
      assertOutcome(await sendTo(server.url, { signal: abort.signal }), 'unknown');
      await waitUntil('the server to see the connection end', () => server.closed() >= 1);
    } finally {
      await server.close();
    }
  });

  it('is proven not sent before it began, and opens no connection', async () => {
    const server = await startRawServer();
    try {
      const outcome = await sendTo(server.url, { signal: AbortSignal.abort() });
      assert.equal(server.sockets.length, 0);
      assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('is proven not sent while it connects', async () => {
    const abort = new AbortController();
    const server = await startRawServer({
      connection: (socket) => {
        socket.once('data', () => {
          abort.abort();
        });
      },
    });
    try {
      const url = `https://127.0.0.1:${server.port}`;
      assertOutcome(await sendTo(url, { signal: abort.signal }), 'PROVIDER_UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('leaves no listener on the signal when it is over', async () => {
    const { signal } = new AbortController();
    const server = await startRawServer({ request: (socket) => socket.end(httpReply(ACCEPTED)) });
    try {
      await sendTo(server.url, { signal });
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    } finally {
      await server.close();
    }
  });
});

describe('a send refused right before it is written', () => {
  it('writes no byte, is proven not sent, and is checked once', async () => {
    const server = await startRawServer();
    let asked = 0;
    try {
      const outcome = await sendTo(server.url, {
        refuseToWrite: () => {
          asked++;
          return 'the deadline has passed';
        },
      });
      assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
      assert.ok(outcome.kind === 'not-sent' && outcome.reason === 'the deadline has passed');
      assert.equal(asked, 1);
      assert.ok(server.sockets.length > 0, 'a connection was made');
      await waitUntil('every connection to end', () => server.closed() === server.sockets.length);
      assert.equal(server.received(), '');
    } finally {
      await server.close();
    }
  });

  it('is checked once, after the connection is made, when it is not refused', async () => {
    const order: string[] = [];
    const server = await startRawServer({
      connection: () => order.push('connected'),
      request: (socket) => {
        order.push('written');
        socket.end(httpReply(ACCEPTED));
      },
    });
    try {
      const outcome = await sendTo(server.url, {
        refuseToWrite: () => {
          order.push('asked');
          return undefined;
        },
      });
      assertOutcome(outcome, 'accepted');
      assert.equal(order.filter((step) => step === 'asked').length, 1);
      assert.ok(order.indexOf('asked') < order.indexOf('written'));
    } finally {
      await server.close();
    }
  });
});
