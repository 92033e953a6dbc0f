import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../tools/servers/free-port.js';
import { createSmsClient } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { ROOT } from '../support/run-node.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';
import { alerts, dashboardExpressions, metricNamesIn } from './ops-files.js';
import { readMetrics, sumOf, type Sample } from './read-metrics.js';
import { EXPECTED, makeSendsOfEachKind } from './sends-of-each-kind.js';
import { EXPECTED_OF_POLICIES, makeSendsThatWait } from './sends-that-wait.js';

/**
 * Counted only once hundreds of open runs overflow a cache, so the name is looked up in the SDK's
 * own source.
 */
async function rareNames(): Promise<string[]> {
  const path = 'node_modules/@temporalio/core-bridge/sdk-core/crates/sdk-core/src/telemetry/metrics.rs';
  const source = await readFile(join(ROOT, path), 'utf8');
  return ['sticky_cache_miss']
    .filter((name) => source.includes(`"${name}"`))
    .map((name) => `temporal_${name}`);
}

describe('the metrics of a worker', () => {
  let fixture: SendFixture;
  let worker: RunningWorker;
  let address: string;
  let personal: string[];
  let heldId: string;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
    address = `127.0.0.1:${await freePort()}`;
    worker = await startWorker(
      await workerEnvironment(fixture, { METRICS_ADDRESS: address, METRICS_HELD_INTERVAL_MS: '1000' }),
    );
    ({ personal, heldId } = await makeSendsOfEachKind(fixture));
    personal.push(...(await makeSendsThatWait(fixture)).personal);
  });
  after(async () => {
    await worker.stop();
    await fixture.close();
  });

  async function scrape(from = address): Promise<string> {
    const response = await fetch(`http://${from}/metrics`);
    assert.equal(response.status, 200);
    return await response.text();
  }
  async function samples(): Promise<Sample[]> {
    return readMetrics(await scrape());
  }

  for (const [name, series] of Object.entries(EXPECTED)) {
    for (const [labels, count] of series) {
      it(`counts each ${name}${JSON.stringify(labels)} once`, async () => {
        assert.equal(sumOf(await samples(), name, labels), count);
      });
    }
    it(`counts nothing else as ${name}`, async () => {
      const all = series.reduce((sum, [, count]) => sum + count, 0);
      assert.equal(sumOf(await samples(), name), all);
    });
  }

  it('counts the verdicts of checks of the sent messages', async () => {
    const found = await samples();
    assert.equal(sumOf(found, 'sms_sent_message_checks_total', { verdict: 'found' }), 1);
    assert.ok((sumOf(found, 'sms_sent_message_checks_total', { verdict: 'clean' }) ?? 0) >= 6);
  });

  it('measures how long a request takes, in buckets up to 30 s', async () => {
    const found = await samples();
    const bucket = (le: string) => sumOf(found, 'sms_provider_request_duration_seconds_bucket', { le });
    const requests = sumOf(found, 'sms_requests_total');
    assert.equal(bucket('30'), requests);
    assert.ok((bucket('5') ?? 0) > 0);
    assert.equal(sumOf(found, 'sms_provider_request_duration_seconds_count'), requests);
  });

  it('counts reads of the database', async () => {
    assert.ok((sumOf(await samples(), 'sms_database_reads_total', { outcome: 'answered' }) ?? 0) >= 12);
  });

  it('reports how many runs are held, and when that was last read', async () => {
    await waitUntil('one held run', async () => sumOf(await samples(), 'sms_held') === 1);
    const at = sumOf(await samples(), 'sms_held_timestamp_seconds') ?? 0;
    assert.ok(Math.abs(Date.now() / 1000 - at) < 60, String(at));
  });

  it('reports how many sends are followed, and how many of them for long', async () => {
    await waitUntil('one followed run', async () => sumOf(await samples(), 'sms_followed') === 1);
    const found = await samples();
    for (const over of ['10m', '1h']) assert.equal(sumOf(found, 'sms_followed_unsent', { over }), 0);
  });

  for (const [name, series] of Object.entries(EXPECTED_OF_POLICIES)) {
    for (const [labels, count] of series) {
      it(`reports ${count} as ${name}${JSON.stringify(labels)}`, async () => {
        await waitUntil('the number', async () => sumOf(await samples(), name, labels) === count);
      });
    }
  }

  it('reports the age of the readings of inboxes, and when the policies were looked at', async () => {
    const found = await samples();
    assert.equal(sumOf(found, 'sms_inboxes_unread', { over: '20m' }), 0);
    assert.ok((sumOf(found, 'sms_inbox_oldest_reading_seconds') ?? Infinity) < 600);
    const at = sumOf(found, 'sms_policies_timestamp_seconds') ?? 0;
    assert.ok(Math.abs(Date.now() / 1000 - at) < 60, String(at));
  });

  it('counts the waits of sends by reason, from 0 on', async () => {
    const found = await samples();
    for (const reason of ['hours', 'phone', 'inbox', 'decision'])
      assert.ok((sumOf(found, 'sms_waits_total', { reason }) ?? 0) >= 1, reason);
    assert.equal(sumOf(found, 'sms_waits_total', { reason: 'per-day' }), 0);
  });

  it('exposes no number, text, account or key', async () => {
    const text = await scrape();
    for (const secret of personal) assert.ok(!text.includes(secret), secret);
  });

  it('includes every metric of the dashboard and the alerts', async () => {
    const namesNow = async (from?: string) => readMetrics(await scrape(from)).map(({ name }) => name);
    // A run that this worker has no key for: its workflow tasks fail.
    const foreign = createSmsClient({
      connection: { address: (await sharedTemporal()).address },
      payloadKeys: `other:${'ab'.repeat(32)}`,
      taskQueue: fixture.taskQueue,
    });
    const { workflowId } = await foreign.send(fixture.job());
    await waitUntil('its task to fail', async () =>
      (await namesNow()).includes('temporal_workflow_task_execution_failed'),
    );
    await fixture.temporal.workflow.getHandle(workflowId).terminate();
    await foreign.close();
    const names = new Set(await namesNow());

    // Another worker goes on with a run that it has not in its cache.
    await worker.stop();
    const other = `127.0.0.1:${await freePort()}`;
    worker = await startWorker(await workerEnvironment(fixture, { METRICS_ADDRESS: other }));
    await fixture.client.resolve(heldId, { abandon: true });
    await waitUntil(
      'the run to end',
      async () => (await fixture.client.get(heldId).status()).status === 'failed',
    );
    for (const name of await namesNow(other)) names.add(name);
    for (const name of await rareNames()) names.add(name);

    const wanted = [...dashboardExpressions(), ...alerts.map(({ expr }) => expr)].flatMap(metricNamesIn);
    assert.deepEqual(
      [...new Set(wanted)].filter((name) => !names.has(name)),
      [],
    );
  });
});
