import assert from 'node:assert/strict';
import { freePort } from '../../tools/servers/free-port.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { sideBySide } from '../support/side-by-side.js';
import { assertEachSentOnce, requestIsOut, startFaultySend, startSend } from '../support/started-sends.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

/** What the Compose file gives a worker between SIGTERM and SIGKILL. */
const GRACE_MS = 60_000;

describe('a worker whose network has vanished', function () {
  this.timeout(300_000);
  const itSideBySide = sideBySide();
  const closings: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const close of closings.toReversed()) await close();
  });

  /** A worker whose ways to Temporal and PostgreSQL can go silent at once. */
  async function startRouted(fixture: SendFixture): Promise<{ worker: RunningWorker; vanish: () => void }> {
    const database = new URL(fixture.databaseUrl);
    const toTemporal = await startTcpProxy({ port: Number((await sharedTemporal()).address.split(':')[1]) });
    const toDatabase = await startTcpProxy({ port: Number(database.port) });
    database.port = String(toDatabase.port);
    const worker = await startWorker(
      await workerEnvironment(fixture, {
        TEMPORAL_ADDRESS: toTemporal.address,
        DATABASE_URL: database.href,
        HEALTH_ADDRESS: `127.0.0.1:${await freePort()}`,
        METRICS_ADDRESS: `127.0.0.1:${await freePort()}`,
      }),
    );
    closings.push(toTemporal.close, toDatabase.close, () => worker.process.stop('SIGKILL'));
    return {
      worker,
      vanish() {
        toTemporal.freeze();
        toDatabase.freeze();
      },
    };
  }

  async function openFixture(): Promise<SendFixture> {
    const fixture = await createSendFixture({ worker: false });
    closings.push(fixture.close);
    return fixture;
  }

  itSideBySide('ends by itself on SIGTERM, before it would be killed', async () => {
    const fixture = await openFixture();
    const { worker, vanish } = await startRouted(fixture);
    // Leaves connections in the pools.
    await assertEachSentOnce(fixture, [await startSend(fixture)]);
    vanish();
    await worker.process.stop('SIGTERM', GRACE_MS);
    assert.equal(await worker.process.ended, 0, worker.output());
    assert.match(worker.output(), /"worker stopped"/);
  });

  itSideBySide('ends with a request in flight too, which is made once', async () => {
    const fixture = await openFixture();
    const { worker, vanish } = await startRouted(fixture);
    const send = await startFaultySend(fixture, { kind: 'slow-reply', recorded: true, delayMs: 4_000 });
    await requestIsOut(fixture, send);
    vanish();
    await worker.process.stop('SIGTERM', GRACE_MS);
    const end = await worker.process.ended;
    assert.ok(typeof end === 'number', `${end}: ${worker.output()}`);
    assert.match(worker.output(), /"worker stopped"|did not stop within/);

    const next = await startWorker(await workerEnvironment(fixture));
    closings.push(next.stop);
    await assertEachSentOnce(fixture, [send]);
  });
});
