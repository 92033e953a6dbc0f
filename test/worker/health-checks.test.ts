import assert from 'node:assert/strict';
import type { NativeConnection, State, WorkerStatus } from '@temporalio/worker';
import { healthChecks, type HealthParts } from '../../src/worker/health-checks.js';
import { startHealthServer } from '../../src/worker/health-server.js';

const POLLING: Partial<WorkerStatus> = {
  runState: 'RUNNING',
  workflowPollerState: 'POLLING',
  activityPollerState: 'POLLING',
};

/** Answers of a worker all of whose parts are well but these. */
async function probe(
  changes: {
    state?: State;
    status?: Partial<WorkerStatus>;
    stuck?: string[];
    worker?: false;
    temporal?: () => Promise<unknown>;
  } = {},
): Promise<{ live: unknown; ready: unknown }> {
  const { state = 'RUNNING', status = {}, stuck = [], temporal = () => Promise.resolve({}) } = changes;
  const parts: HealthParts = {
    connection: {
      withDeadline: (_deadline, ask) => ask(),
      workflowService: { describeNamespace: temporal } as unknown as NativeConnection['workflowService'],
    },
    namespace: 'default',
    accounts: { findEncryptedApiKey: () => Promise.resolve(undefined) },
    worker: () =>
      changes.worker === false
        ? undefined
        : { getState: () => state, getStatus: () => ({ ...POLLING, ...status }) as WorkerStatus },
    pollers: { stuck: () => stuck },
  };
  const server = await startHealthServer({ address: '127.0.0.1:0', ...healthChecks(parts) });
  const failed = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return ((await response.json()) as { failed: unknown }).failed;
  };
  try {
    return { live: await failed('/healthz'), ready: await failed('/readyz') };
  } finally {
    await server.close();
  }
}

describe('the health of a worker', () => {
  it('is good while it polls', async () => {
    assert.deepEqual(await probe(), { live: [], ready: [] });
  });

  it('is live and not ready before there is a worker', async () => {
    assert.deepEqual(await probe({ worker: false }), { live: [], ready: ['worker'] });
  });

  it('is neither live nor ready once it has failed', async () => {
    const failed = await probe({ state: 'FAILED', status: { runState: 'FAILED' } });
    assert.deepEqual(failed, { live: ['worker'], ready: ['worker'] });
  });

  for (const kind of ['workflow', 'activity'] as const) {
    it(`is neither live nor ready while Temporal does not see its ${kind} pollers`, async () => {
      assert.deepEqual(await probe({ stuck: [kind] }), { live: ['pollers'], ready: ['pollers'] });
    });

    it(`is not ready while its ${kind} poller is not polling`, async () => {
      const status = { [`${kind}PollerState`]: 'SHUTDOWN' };
      assert.deepEqual(await probe({ status }), { live: [], ready: ['worker'] });
    });
  }

  it('is live and not ready while it drains requests', async () => {
    const draining = await probe({ state: 'DRAINING', status: { runState: 'DRAINING' } });
    assert.deepEqual(draining, { live: [], ready: ['worker'] });
  });

  it('is live and not ready while Temporal does not answer', async () => {
    const temporal = () => Promise.reject(new Error('away'));
    assert.deepEqual(await probe({ temporal }), { live: [], ready: ['temporal'] });
  });
});
