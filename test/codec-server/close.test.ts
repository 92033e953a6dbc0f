import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startTestServer } from './codec-server-fixture.js';

/** Longer than any test may take: who waits for it fails. */
const FOR_EVER_MS = 600_000;

/** A request whose body is still missing when the server wants it. */
async function startRequest(port: number): Promise<{ socket: Socket; answer: () => string }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  const headers = ['host: x', 'content-type: application/json', 'expect: 100-continue', 'content-length: 15'];
  socket.write(`POST /decode HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  await waitUntil('the server to want the body', () => answer.includes('100 Continue'));
  return { socket, answer: () => answer };
}

describe('a codec server that is closed', () => {
  it('accepts no more connections, answers what is under way, and keeps no connection alive', async () => {
    const server = await startTestServer({}, { drainMs: FOR_EVER_MS });
    const { socket, answer } = await startRequest(server.port);
    const closed = server.close();
    await assert.rejects(server.ask('GET', '/healthz'), { code: 'ECONNREFUSED' });
    socket.write('{"payloads":[]}');
    await closed;
    await waitUntil('the answer', () => answer().endsWith('{"payloads":[]}'));
    assert.equal((await server.lines(1)).at(-1)!['status'], 200);
  });

  it('cuts off a request that never ends, and logs it', async () => {
    const server = await startTestServer({}, { drainMs: 1 });
    const { socket } = await startRequest(server.port);
    socket.on('error', () => undefined);
    await server.close();
    const line = (await server.lines(1)).at(-1)!;
    assert.equal(line['reason'], 'aborted');
    assert.equal(line['decoded'], undefined);
  });
});
