import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SELF_SIGNED } from './self-signed.js';
import { assertOutcome, closeServer, listen, REQUEST, sendTo, startRawServer } from './provider-fixture.js';

/** Listens with the shortest queue and never takes a connection out of it. */
const DEAF_SERVER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

describe('a send that fails before it is written is proven not sent', () => {
  it('when nothing listens', async () => {
    const server = await startRawServer();
    await server.close();
    const outcome = await sendTo(server.url);
    assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
    assert.ok(outcome.kind === 'not-sent' && outcome.reason.includes('ECONNREFUSED'));
  });

  it('when nothing listens at any address of a host name', async () => {
    const server = await startRawServer();
    await server.close();
    assertOutcome(await sendTo(`http://localhost:${server.port}`), 'PROVIDER_UNAVAILABLE');
  });

  it('when the host is unknown', async () => {
    assertOutcome(await sendTo('https://no-such-host.invalid'), 'PROVIDER_UNAVAILABLE');
  });

  it('when connecting times out', async () => {
    const deaf = new Worker(DEAF_SERVER, { eval: true });
    const [port] = (await once(deaf, 'message')) as [number];
    const fillers: Socket[] = [];
    try {
      // Two fill the queue of one; what comes after them waits.
      let connected = 0;
      for (let i = 0; i < 12; i++) {
        const filler = connect(port, '127.0.0.1', () => connected++);
        fillers.push(filler.on('error', () => undefined));
      }
      await waitUntil('the queue to be full', () => connected >= 2);
      const outcome = await sendTo(`http://127.0.0.1:${port}`, { limits: { connectTimeoutMs: 300 } });
      assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
      assert.ok(connected < fillers.length, 'the queue was full');
    } finally {
      for (const filler of fillers) filler.destroy();
      await deaf.terminate();
    }
  });

  it('when the TLS handshake is reset', async () => {
    const server = await startRawServer({
      connection: (socket) => {
        socket.once('data', () => socket.resetAndDestroy());
      },
    });
    try {
      assertOutcome(await sendTo(`https://127.0.0.1:${server.port}`), 'PROVIDER_UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('when the TLS handshake is never answered', async () => {
    const server = await startRawServer();
    try {
      const outcome = await sendTo(`https://127.0.0.1:${server.port}`, { limits: { connectTimeoutMs: 300 } });
      assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
      assert.ok(!server.received().includes(REQUEST.apiKey));
    } finally {
      await server.close();
    }
  });

  it('when the server does not speak TLS', async () => {
    const server = await startRawServer({
      connection: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });
    try {
      assertOutcome(await sendTo(`https://127.0.0.1:${server.port}`), 'PROVIDER_UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('when the certificate is not trusted, without exposing key and text', async () => {
    const sockets: Socket[] = [];
    let received = 0;
    const server = createTlsServer(SELF_SIGNED, (socket) => {
      socket.on('data', (chunk: Buffer) => (received += chunk.length)).on('error', () => undefined);
    });
    server.on('connection', (socket: Socket) => sockets.push(socket));
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    try {
      assertOutcome(await sendTo(`https://localhost:${port}`), 'PROVIDER_UNAVAILABLE');
      assert.equal(sockets.length, 1);
      await waitUntil('the connection to be closed', () => sockets[0]!.destroyed);
      assert.equal(received, 0);
    } finally {
      await closeServer(server, sockets);
    }
  });

  it('when the server has no certificate', async () => {
    const sockets: Socket[] = [];
    const server = createTlsServer({});
    server.on('connection', (socket: Socket) => sockets.push(socket));
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    try {
      assertOutcome(await sendTo(`https://localhost:${port}`), 'PROVIDER_UNAVAILABLE');
    } finally {
      await closeServer(server, sockets);
    }
  });
});
