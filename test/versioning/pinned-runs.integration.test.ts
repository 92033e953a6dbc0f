import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SmsJob } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { AUDIT_WORKFLOW_TYPE, CLAIM_WORKFLOW_TYPE } from '../../src/domain/names.js';
import { activitiesIn, fetchHistory } from '../support/run-history.js';
import { statusIs } from '../support/started-sends.js';
import type { RunningWorker } from '../support/worker-environment.js';
import { createVersionedFixture, type VersionedFixture } from './versioned-fixture.js';

/** Worker processes start and stop within a test, which takes long on a slow machine. */
const ROLLOUT_TAKES_MS = 300_000;

/** Each test goes on where the one before it stopped: a rollout has an order. */
describe('a rollout with pinned runs', function () {
  this.timeout(ROLLOUT_TAKES_MS);
  let fixture: VersionedFixture;
  let buildA: RunningWorker;
  before(async () => {
    fixture = await createVersionedFixture();
  });
  after(() => fixture.close());

  /** A send that is held, as its first request got lost. */
  async function startHeld() {
    const job = fixture.job({ options: { unknownChecksMs: [100], onUnknown: 'hold' } });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    return { job, sent };
  }
  type HeldSend = Awaited<ReturnType<typeof startHeld>>;
  const heldOnA: Record<'again' | 'named' | 'late', HeldSend | undefined> = {
    again: undefined,
    named: undefined,
    late: undefined,
  };
  const held = (which: keyof typeof heldOnA): HeldSend => heldOnA[which] ?? assert.fail('nothing is held');
  const arrivals = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone).length;

  /** The id of the one run of that type in this fixture, once it has ended. */
  function endedRunOf(workflowType: string): Promise<string> {
    return waitUntil(`a ${workflowType} to end`, async () => {
      const query = `WorkflowType = '${workflowType}' AND TaskQueue = '${fixture.taskQueue}' AND ExecutionStatus = 'Completed'`;
      for await (const { workflowId } of fixture.temporal.workflow.list({ query })) return workflowId;
      return undefined;
    });
  }

  it('keeps a send started before the first build is current, and sends it once one is', async () => {
    buildA = await fixture.startBuild('a');
    const job = fixture.job();
    const sent = await fixture.client.send(job);
    await fixture.setCurrent('a');
    await sent.result();
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['a']);
    assert.equal(arrivals(job), 1);
  });

  it('gives new runs to the current build', async () => {
    for (const which of ['again', 'named', 'late'] as const) heldOnA[which] = await startHeld();
    await fixture.startBuild('b');
    await fixture.setCurrent('b');
    const sent = await fixture.client.send(fixture.job());
    await sent.result();
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['b']);
  });

  it('keeps a run and its activities on the build that started it', async () => {
    const { job, sent } = held('again');
    await fixture.client.resolve(sent.workflowId, { resend: true });
    await sent.result();
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['a']);
    assert.equal(arrivals(job), 1);
    const history = await fetchHistory(fixture.temporal, sent.workflowId);
    assert.equal(activitiesIn(history).filter((name) => name === 'sendSms').length, 2);
    const workers = (history.events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
      started ? [started.identity ?? ''] : [],
    );
    assert.ok(workers.length > 2, 'the log was asked as well');
    for (const identity of workers) assert.ok(identity.startsWith(`${buildA.process.pid}@`), identity);
  });

  it('runs the claim of an old run on the current build', async () => {
    const { sent } = held('named');
    const messageId = randomUUID();
    await fixture.client.resolve(sent.workflowId, { sent: true, messageId });
    assert.equal((await sent.result()).messageId, messageId);
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['a']);
    assert.deepEqual(await fixture.buildsOf(await endedRunOf(CLAIM_WORKFLOW_TYPE)), ['b']);
  });

  it('audits an old run on the current build', async () => {
    const { workflowId } = held('again').sent;
    const finding = await waitUntil('the audit to list it', async () => {
      for await (const found of fixture.client.audit()) if (found.workflowId === workflowId) return found;
      return undefined;
    });
    assert.equal(finding.unclear, undefined);
    assert.deepEqual(await fixture.buildsOf(await endedRunOf(AUDIT_WORKFLOW_TYPE)), ['b']);
  });

  it('runs a reset run on the current build, and sends nothing', async () => {
    const { job, sent } = held('again');
    const { messageId } = await sent.result();
    await fixture.cli([
      'workflow',
      'reset',
      '--workflow-id',
      sent.workflowId,
      '--type',
      'FirstWorkflowTask',
      '--reason',
      'test',
    ]);
    assert.equal((await fixture.client.get(sent.workflowId).result()).messageId, messageId);
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['b']);
    assert.equal(arrivals(job), 1);
  });

  it('shows the old build as draining, and lets a run be moved once its workers are gone', async () => {
    const { job, sent } = held('late');
    const version = await fixture.describeBuild('a');
    assert.equal(version.drainageInfo?.drainageStatus, 'draining');
    const openOnA = `TemporalWorkerDeploymentVersion = '${fixture.deployment}:a' AND ExecutionStatus = 'Running'`;
    await waitUntil('one open run on the old build', async () => {
      const { count } = (await fixture.cli(['workflow', 'count', '--query', openOnA])) as { count?: string };
      return count === '1';
    });
    await buildA.stop();
    await fixture.cli([
      'workflow',
      'update-options',
      '--query',
      openOnA,
      '--yes',
      '--reason',
      'its build is gone',
      '--versioning-override-behavior',
      'auto_upgrade',
    ]);
    await waitUntil('the run to be moved', async () => {
      const { raw } = await fixture.temporal.workflow.getHandle(sent.workflowId).describe();
      return raw.workflowExecutionInfo?.versioningInfo?.versioningOverride != null;
    });
    await fixture.client.resolve(sent.workflowId, { resend: true });
    await sent.result();
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['a', 'b']);
    assert.equal(arrivals(job), 1);
  });
});

describe('a rollout from workers without a build', function () {
  this.timeout(ROLLOUT_TAKES_MS);
  let fixture: VersionedFixture;
  before(async () => {
    fixture = await createVersionedFixture();
  });
  after(() => fixture.close());

  it('continues their runs on the first build that is current', async () => {
    const unversioned = await fixture.startUnversioned();
    const job = fixture.job({ options: { unknownChecksMs: [100], onUnknown: 'hold' } });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    await fixture.startBuild('a');
    await fixture.setCurrent('a');
    await unversioned.stop();
    await fixture.client.resolve(sent.workflowId, { resend: true });
    await sent.result();
    assert.deepEqual(await fixture.buildsOf(sent.workflowId), ['-', 'a']);
  });
});
