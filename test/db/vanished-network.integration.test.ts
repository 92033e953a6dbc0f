import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openStoredKeys } from '../../src/db/stored-keys.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

const SCRIPT = fileURLToPath(new URL('../support/close-database-in-process.ts', import.meta.url));

describe('a database whose network has vanished', () => {
  let fixture: SendFixture;
  let network: TcpProxy;
  let databaseUrl: string;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
    const url = new URL(fixture.databaseUrl);
    network = await startTcpProxy({ port: Number(url.port) });
    url.port = String(network.port);
    databaseUrl = url.href;
  });
  afterEach(() => network.restore());
  after(async () => {
    await network.close();
    await fixture.close();
  });

  it('keeps no process alive that has closed its connections', async () => {
    const child = fork(SCRIPT, { env: childEnvironment(), stdio: 'inherit' });
    const ended = once(child, 'exit');
    child.send(databaseUrl);
    await once(child, 'message');
    network.freeze();
    const killer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.send('close');
    const [code] = (await ended) as [number | null];
    clearTimeout(killer);
    assert.equal(code, 0, 'it had to be killed');
  });

  it('ends a query of the command line, whose limits on the server are out of reach', async () => {
    const keys = openStoredKeys({ databaseUrl, readOnly: true, answerMs: 500 });
    network.freeze();
    await assert.rejects(keys.count(), { code: 'DATABASE_UNAVAILABLE', message: /POOL_TIMEOUT/ });
    await keys.close();
  });
});
