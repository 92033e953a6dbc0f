import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { freePort, reservePort } from '../../tools/servers/free-port.js';
import { runNode } from '../support/run-node.js';

/** Listens on this port; rejects where it is taken. */
async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

describe('ports', () => {
  it('are free, below the ephemeral range, and different for concurrent callers', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    assert.equal(new Set(ports).size, ports.length);
    for (const port of ports) assert.ok(port >= 11_000 && port <= 32_767, String(port));
  });

  it('are the preferred one if free, or else another', async () => {
    const preferred = await freePort();
    const taken = await listenOn(preferred);
    assert.notEqual(await freePort([preferred]), preferred);
    await close(taken);
  });

  it('stay reserved until they are released', async () => {
    const { port, release } = await reservePort();
    await assert.rejects(listenOn(port), { code: 'EADDRINUSE' });
    await release();
    await close(await listenOn(port));
  });

  it('differ when several are reserved at once with the same preference', async () => {
    const wanted = await freePort();
    const reserved = await Promise.all(Array.from({ length: 5 }, () => reservePort([wanted])));
    assert.equal(new Set(reserved.map(({ port }) => port)).size, reserved.length);
    await Promise.all(reserved.map(({ release }) => release()));
  });

  it('do not keep a process alive while reserved', async () => {
    const script = `import { reservePort } from './tools/servers/free-port.ts'; await reservePort();`;
    const { exitCode } = await runNode(['--import', 'tsx', '--input-type=module', '-e', script]);
    assert.equal(exitCode, 0);
  });
});
