import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import type { SmsInspection } from '../../src/client/inspect-send.js';
import { type Sms, smsFor, spawnSms } from '../support/cli.js';
import type { Ended } from '../support/run-node.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('durable-sms status and durable-sms cancel', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  after(() => fixture.close());

  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const assertRefused = (ended: Ended, code: string, exitCode: number) => {
    assert.equal(ended.exitCode, exitCode);
    assert.equal(ended.stdout, '');
    assert.match(ended.stderr, new RegExp(`^${code}: [^\\n]+$`));
  };

  it('shows that a message was sent', async () => {
    const sent = await fixture.client.send(fixture.job({ metadata: { huntId: 'hunt-1' } }));
    const { messageId, timestamp } = await sent.result();
    const text = await sms(['status', sent.workflowId]);
    assert.equal(text.exitCode, 0, text.stderr);
    assert.match(text.stdout, /^status +accepted$/m);
    assert.match(text.stdout, new RegExp(`^message id +${messageId}$`, 'm'));
    const json = await sms(['status', sent.workflowId, '--json']);
    const { startedAt, closedAt, story, ...report } = JSON.parse(json.stdout) as SmsInspection;
    assert.ok(Date.parse(startedAt) <= Date.parse(closedAt!));
    const sentences = ['Started.', `Request 1: accepted as message ${messageId}.`, 'Completed: accepted.'];
    assert.deepEqual(
      story.map(({ sentence }) => sentence),
      sentences,
    );
    assert.deepEqual(report, {
      workflowId: sent.workflowId,
      runId: sent.runId,
      status: 'accepted',
      messageId,
      timestamp,
      correlationIds: { accountId: fixture.accountId, huntId: 'hunt-1' },
      requests: 1,
    });
    const told = text.stdout.trim().split('\n').slice(-3);
    assert.deepEqual(
      told.map((line) => line.replace(/^\S+Z {2}/, '')),
      sentences,
    );
  });

  it('shows code, sentence and details of a failed send, and exits with 0', async () => {
    const job = fixture.job({ recipientPhone: magicNumberFor('http-400') });
    const sent = await fixture.client.send(job);
    await expectSmsError(sent.result(), 'MESSAGE_SEND_FAILED');
    const text = await sms(['status', sent.workflowId]);
    assert.equal(text.exitCode, 0, text.stderr);
    assert.match(text.stdout, /^status +failed\ncode +MESSAGE_SEND_FAILED\nreason +\S.*\.$/m);
    assert.match(text.stdout, /^\S+Z {2}Request 1: not sent \(MESSAGE_SEND_FAILED, HTTP 400.*\): \S.*\.$/m);
    assert.match(text.stdout, /^\S+Z {2}Failed: MESSAGE_SEND_FAILED\.$/m);
    const json = await sms(['status', sent.workflowId, '--json']);
    const { status, code, details } = JSON.parse(json.stdout) as Record<string, unknown>;
    assert.deepEqual({ status, code }, { status: 'failed', code: 'MESSAGE_SEND_FAILED' });
    assert.equal((details as { httpStatus: number }).httpStatus, 400);
    assert.ok(!(text.stdout + json.stdout).includes(job.recipientPhone));
    assert.ok(!(text.stdout + json.stdout).includes(job.message));
  });

  it('shows that a send waits for its time, and cancels it before anything is sent', async () => {
    const job = fixture.job();
    const started = await sms(['send', '--job', '-', '--send-at', inAnHour()], {
      input: JSON.stringify(job),
    });
    assert.equal(started.exitCode, 0, started.stderr);
    const workflowId = started.stdout.trim();
    const running = await sms(['status', workflowId, '--json']);
    assert.equal((JSON.parse(running.stdout) as { status: string }).status, 'running');
    assert.match((await sms(['status', workflowId])).stdout, /^waiting +to start at \S+Z$/m);

    const cancelled = await sms(['cancel', workflowId, '--json']);
    assert.equal(cancelled.exitCode, 0, cancelled.stderr);
    assert.deepEqual(JSON.parse(cancelled.stdout), { workflowId, cancelRequested: true });
    await expectSmsError(fixture.client.get(workflowId).result(), 'CANCELLED');
    const after = await sms(['status', workflowId]);
    assert.equal(after.exitCode, 0);
    assert.match(after.stdout, /^status +cancelled\ncode +CANCELLED$/m);
    assert.deepEqual(
      fixture.simulator.requests().filter(({ fields }) => fields['message'] === job.message),
      [],
    );
  });

  it('shows a requested cancel that no worker has carried out', async () => {
    const alone = await createSendFixture({ worker: false });
    try {
      const aloneSms = await smsFor(alone);
      const { workflowId } = await alone.client.send(alone.job());
      assert.doesNotMatch((await aloneSms(['status', workflowId])).stdout, /^cancel/m);
      assert.equal((await aloneSms(['cancel', workflowId])).exitCode, 0);
      const { stdout } = await aloneSms(['status', workflowId]);
      assert.match(stdout, /^status +running\nwaiting +for a worker.*\ncancel +requested;/m);
      await alone.temporal.workflow.getHandle(workflowId).terminate();
    } finally {
      await alone.close();
    }
  });

  it('ends quietly with 0 when its reader closes the pipe', async () => {
    const sent = await fixture.client.send(fixture.job());
    await sent.result();
    const child = await spawnSms(fixture, ['status', sent.workflowId]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const [exitCode] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([exitCode, stderr], [0, '']);
  });

  it('reports NOT_FOUND in one line and exits with 1 for an unknown id', async () => {
    const unknown = `sms-${randomUUID()}-${randomUUID()}`;
    assertRefused(await sms(['status', unknown]), 'NOT_FOUND', 1);
    assertRefused(await sms(['status', unknown, '--json']), 'NOT_FOUND', 1);
    assertRefused(await sms(['cancel', unknown]), 'NOT_FOUND', 1);
  });

  it('reports NOT_FOUND for a finished send, as there is nothing left to cancel', async () => {
    const sent = await fixture.client.send(fixture.job());
    await sent.result();
    assertRefused(await sms(['cancel', sent.workflowId]), 'NOT_FOUND', 1);
  });
});
