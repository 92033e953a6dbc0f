import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { ACCEPTED, assertOutcome, httpReply, REQUEST, sendTo, startRawServer } from './provider-fixture.js';

describe('a written send may be out', () => {
  it('when the server stalls until the total time-out, which closes the connection', async () => {
    const server = await startRawServer();
    try {
      const outcome = await sendTo(server.url, { limits: { totalTimeoutMs: 300 } });
      assertOutcome(outcome, 'unknown');
      assert.ok(outcome.kind === 'unknown' && outcome.reason.includes('time-out'));
      assert.ok(server.received().includes(REQUEST.apiKey));
      await waitUntil('the connection to be closed', () => server.closed() >= 1);
    } finally {
      await server.close();
    }
  });

  it('when the reply begins and stalls until the total time-out', async () => {
    const server = await startRawServer({
      request: (socket) => socket.write(httpReply(ACCEPTED).slice(0, -10)),
    });
    try {
      assertOutcome(await sendTo(server.url, { limits: { totalTimeoutMs: 300 } }), 'unknown');
      await waitUntil('the connection to be closed', () => server.closed() >= 1);
    } finally {
      await server.close();
    }
  });

  it('is not subject to the connect time-out once it is written', async () => {
    const server = await startRawServer({
      request: (socket) => {
        setTimeout(() => socket.end(httpReply(ACCEPTED)), 500);
      },
    });
    try {
      assertOutcome(await sendTo(server.url, { limits: { connectTimeoutMs: 200 } }), 'accepted');
    } finally {
      await server.close();
    }
  });

  it('when the connection is reset after the request was read', async () => {
    const server = await startRawServer({ request: (socket) => socket.resetAndDestroy() });
    try {
      assertOutcome(await sendTo(server.url), 'unknown');
      assert.equal(server.sockets.length, 1, 'it is not repeated');
    } finally {
      await server.close();
    }
  });

  it('when the connection ends without a reply', async () => {
    const server = await startRawServer({ request: (socket) => socket.end() });
    try {
      assertOutcome(await sendTo(server.url), 'unknown');
      assert.equal(server.sockets.length, 1, 'it is not repeated');
    } finally {
      await server.close();
    }
  });

  for (const [what, reply] of Object.entries({
    'in the middle of the body': httpReply(ACCEPTED).slice(0, -10),
    'in the middle of the head': httpReply(ACCEPTED).slice(0, 20),
    'right before the body': httpReply(ACCEPTED).slice(0, -ACCEPTED.length),
  })) {
    it(`when the reply is reset ${what}`, async () => {
      const server = await startRawServer({
        request: (socket) => socket.write(reply, () => setTimeout(() => socket.resetAndDestroy(), 50)),
      });
      try {
        assertOutcome(await sendTo(server.url), 'unknown');
      } finally {
        await server.close();
      }
    });
  }

  for (const [what, reply] of Object.entries({
    'is not HTTP': 'hello\r\n\r\n',
    'promises more than it holds': httpReply(ACCEPTED).replace(/content-length: \d+/, 'content-length: 9999'),
    'is compressed, and not really': httpReply(ACCEPTED, '200 OK', ['content-encoding: gzip']),
    'has two lengths': httpReply(ACCEPTED, '200 OK', ['content-length: 3']),
    'is 204': 'HTTP/1.1 204 No Content\r\n\r\n',
    'is 304': 'HTTP/1.1 304 Not Modified\r\n\r\n',
    'is a redirect without a place': httpReply(ACCEPTED, '302 Found'),
    'is a redirect to nonsense': httpReply(ACCEPTED, '307 X', ['location: http://[nonsense']),
  })) {
    it(`when the reply ${what}`, async () => {
      const server = await startRawServer({ request: (socket) => socket.end(reply) });
      try {
        assertOutcome(await sendTo(server.url), 'unknown');
      } finally {
        await server.close();
      }
    });
  }

  it('when the body does not end, which closes the connection', async () => {
    const chunk = Buffer.alloc(16 * 1024, ' ');
    let written = 0;
    const server = await startRawServer({
      request: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
        const pump = () => {
          while (!socket.destroyed) {
            written += chunk.length;
            if (!socket.write(chunk)) {
              socket.once('drain', pump);
              return;
            }
          }
        };
        pump();
      },
    });
    try {
      const outcome = await sendTo(server.url, { limits: { maxReplyBytes: 64 * 1024 } });
      assertOutcome(outcome, 'unknown');
      assert.ok(outcome.kind === 'unknown' && outcome.reason.includes('too large'));
      await waitUntil('the connection to be closed', () => server.closed() >= 1);
      // Socket buffers on both sides take some megabytes at most.
      assert.ok(written < 50 * 1024 * 1024, `${written} bytes went out`);
    } finally {
      await server.close();
    }
  });
});
