import assert from 'node:assert/strict';
import { freePort } from '../../tools/servers/free-port.js';
import { startGuarded, type GuardedProcess } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT, runSource } from '../support/run-node.js';
import { sharedGuard } from '../support/scratch.js';
import { startRawServer } from '../provider/provider-fixture.js';

const KEYS = `k1:${'a1'.repeat(32)}`;

/** Starts the process and waits until it listens. */
async function startProcess(args: readonly string[], environment: Record<string, string> = {}) {
  const port = await freePort();
  const started = await startGuarded({
    guard: await sharedGuard(),
    command: process.execPath,
    args,
    cwd: ROOT,
    env: childEnvironment({
      SMS_PAYLOAD_KEYS: KEYS,
      CODEC_SERVER_ADDRESS: `127.0.0.1:${port}`,
      LOG_LEVEL: 'silent',
      ...environment,
    }),
  });
  await waitUntil('the codec server to start', () => {
    if (started.child.exitCode !== null) throw new HopelessError(started.output());
    return started.output().includes('"codec server started"');
  });
  return { started, port, url: `http://127.0.0.1:${port}` };
}

const FROM_SOURCES = ['--import', 'tsx', 'src/codec-server.ts'];

const post = (url: string) =>
  fetch(`${url}/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"payloads":[]}',
  });

async function assertServesAndStops(
  started: GuardedProcess,
  url: string,
  signal: NodeJS.Signals,
): Promise<void> {
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.equal((await post(url)).status, 200);
  await waitUntil('the audit line', () => started.output().includes('"codec request"'));
  started.child.kill(signal);
  assert.equal(await started.ended, 0);
  assert.match(started.output(), /"codec server stopped"/);
}

describe('the process of the codec server', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`serves, and exits with 0 on ${signal} despite a connection that is kept alive`, async () => {
      const { started, url } = await startProcess(FROM_SOURCES);
      await assertServesAndStops(started, url, signal);
    });

  it('runs compiled', async function () {
    this.timeout(300_000);
    await ensureBuilt();
    const { started, url } = await startProcess(['dist/codec-server.js']);
    await assertServesAndStops(started, url, 'SIGTERM');
  });

  it('refuses to start, and reports all problems', async () => {
    const { exitCode, stdout, stderr } = await runSource('codec-server.ts', [], {
      env: { CODEC_SERVER_ADDRESS: '0.0.0.0:8888', CODEC_SERVER_ORIGINS: '*' },
    });
    assert.equal(exitCode, 1);
    assert.equal(stdout, '');
    for (const name of ['SMS_PAYLOAD_KEYS', 'CODEC_SERVER_ORIGINS', 'CODEC_SERVER_TOKEN'])
      assert.match(stderr, new RegExp(`^  ${name}: `, 'm'));
  });

  it('reports that its port is taken', async () => {
    const taken = await startRawServer();
    try {
      const { exitCode, stderr } = await runSource('codec-server.ts', [], {
        env: { SMS_PAYLOAD_KEYS: KEYS, CODEC_SERVER_ADDRESS: `127.0.0.1:${taken.port}` },
      });
      assert.equal(exitCode, 1);
      assert.equal(stderr.trim(), 'CODEC_SERVER_ADDRESS: cannot listen on this address (EADDRINUSE).');
    } finally {
      await taken.close();
    }
  });
});
