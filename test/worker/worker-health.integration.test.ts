import assert from 'node:assert/strict';
import { freePort } from '../../tools/servers/free-port.js';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

describe('worker process: health', () => {
  let postgres: EmbeddedPostgres;
  let fixture: SendFixture;
  let worker: RunningWorker;
  let address: string;
  let network: TcpProxy;
  before(async () => {
    postgres = await startEmbeddedPostgres({
      guard: await sharedGuard(),
      directory: await makeDirectory('postgres'),
    });
    const databaseUrl = await postgres.createDatabase('web_app');
    await createWebAppTables(databaseUrl);
    fixture = await createSendFixture({ worker: false, databaseUrl });
    address = `127.0.0.1:${await freePort()}`;
    network = await startTcpProxy({ port: Number((await sharedTemporal()).address.split(':')[1]) });
    worker = await startWorker(
      await workerEnvironment(fixture, { HEALTH_ADDRESS: address, TEMPORAL_ADDRESS: network.address }),
    );
  });
  after(async () => {
    await network.restore();
    await worker.stop();
    await fixture.close();
    await postgres.stop();
    await network.close();
  });

  const well = { status: 200, body: { ok: true, failed: [] } };

  async function ask(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://${address}${path}`);
    return { status: response.status, body: await response.json() };
  }

  /** The changes of readiness in the worker's log. */
  function changes(): readonly { msg?: string; level?: number; failed?: Record<string, string> }[] {
    const complete = worker.output().slice(0, worker.output().lastIndexOf('\n') + 1);
    const lines = complete.split('\n').filter((line) => /"msg":"(not )?ready"/.test(line));
    return lines.map((line) => JSON.parse(line) as ReturnType<typeof changes>[number]);
  }

  it('is ready while PostgreSQL answers, only live while it is stopped, and ready again afterwards', async () => {
    await waitUntil('the worker to be ready', async () => (await ask('/readyz')).status === 200);
    assert.deepEqual(await ask('/readyz'), well);
    assert.deepEqual(await ask('/healthz'), well);

    await postgres.stop();
    assert.deepEqual(await ask('/readyz'), { status: 503, body: { ok: false, failed: ['database'] } });
    assert.deepEqual(await ask('/healthz'), well);

    await postgres.start();
    await waitUntil('the worker to be ready again', async () => (await ask('/readyz')).status === 200);
  });

  it('logs each change of readiness once, with its reason, however often it is asked', async () => {
    await waitUntil('the worker to be ready', async () => (await ask('/readyz')).status === 200);
    const before = changes().length;
    await postgres.stop();
    for (let probe = 0; probe < 5; probe++) assert.equal((await ask('/readyz')).status, 503);
    await postgres.start();
    await waitUntil('the worker to be ready again', async () => (await ask('/readyz')).status === 200);
    for (let probe = 0; probe < 5; probe++) assert.equal((await ask('/readyz')).status, 200);

    const [down, up, ...more] = await waitUntil('both changes in the log', () => {
      const news = changes().slice(before);
      return news.length >= 2 && news;
    });
    assert.deepEqual([down?.msg, down?.level, up?.msg, up?.level], ['not ready', 40, 'ready', 30]);
    assert.deepEqual(Object.keys(down?.failed ?? {}), ['database']);
    assert.match(down?.failed?.['database'] ?? '', /^PostgreSQL could not be read: .+ \([A-Z0-9_]+\)\.$/);
    assert.deepEqual(more, []);
    assert.ok(!worker.output().includes(new URL(fixture.databaseUrl).password));
  });

  for (const trouble of ['cut', 'freeze'] as const) {
    it(`is only live while the network to Temporal is ${trouble === 'cut' ? 'cut' : 'frozen'}, and ready again afterwards`, async () => {
      await waitUntil('the worker to be ready', async () => (await ask('/readyz')).status === 200);
      await network[trouble]();
      assert.deepEqual(await ask('/readyz'), { status: 503, body: { ok: false, failed: ['temporal'] } });
      assert.deepEqual(await ask('/healthz'), well);
      const { failed } = await waitUntil(
        'the change in the log',
        () => changes().at(-1)?.failed && changes().at(-1)!,
      );
      assert.match(failed?.['temporal'] ?? '', /no answer|did not answer|cannot be reached/);

      await network.restore();
      await waitUntil('the worker to be ready again', async () => (await ask('/readyz')).status === 200);
    });
  }
});
