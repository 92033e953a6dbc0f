import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { AuditFinding } from '../../src/client.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { smsFor, type Sms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('durable-sms audit', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  after(() => fixture.close());

  it('lists a send whose first message turned up after the second', async () => {
    fixture.simulator.addFaults({ kind: 'log-empty', times: 3 });
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: true, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    const { messageId, possibleDuplicateOf } = await sent.result();
    assert.equal(possibleDuplicateOf, undefined);
    const text = await waitUntil('the audit to list it', async () => {
      const audit = await sms(['audit', '--since', '2020-01-01T00:00:00Z']);
      assert.equal(audit.exitCode, 0, audit.stderr);
      return audit.stdout.includes(sent.workflowId) && audit.stdout;
    });
    assert.match(
      text,
      new RegExp(`^${sent.workflowId}: sent as ${messageId}, possible duplicate of [0-9a-f]{40}$`, 'm'),
    );
    assert.match(
      text,
      /^Resent sends checked: \d\. Possible duplicates: 1\. Undetermined: 0\. Retries .* are not checked\.$/m,
    );
    const json = await sms(['audit', '--json']);
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { workflowId: string });
    assert.ok(lines.some(({ workflowId }) => workflowId === sent.workflowId));
    assert.ok(!(text + json.stdout).includes(job.recipientPhone.slice(3)));
    assert.equal((await sms(['audit', '--since', 'yesterday'])).exitCode, 2);
  });

  it('lists a send that was interrupted after a resend, as it may have sent twice', async () => {
    const { client, simulator, temporal } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    const number = job.recipientPhone;
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number });
    simulator.addFaults({ kind: 'slow-reply', recorded: true, times: 1, number, delayMs: 5_000 });
    const { workflowId } = await client.send(job);
    await waitUntil(
      'the second request to be out',
      () => simulator.requests().filter(({ fields }) => fields['recipients'] === number).length === 2,
    );
    await temporal.workflow.getHandle(workflowId).terminate();
    const line = `${workflowId}: undetermined: the run was terminated or timed out after a resend, and may have sent the message twice`;
    await waitUntil('the audit to list it', async () => {
      const audit = await sms(['audit']);
      assert.equal(audit.exitCode, 0, audit.stderr);
      return audit.stdout.split('\n').includes(line);
    });
  });

  it('says in its help that retries are not compared with the sends before them', async () => {
    const { stdout } = await sms(['audit', '--help']);
    assert.match(stdout, /durable-sms retry/);
  });
});

describe('durable-sms audit, where the keys of some sends are missing', () => {
  const [ours, theirs] = ['ours', 'theirs'].map((id) => `${id}:${randomBytes(32).toString('hex')}`) as [
    string,
    string,
  ];
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ payloadKeys: `${ours},${theirs}` });
  });
  after(() => fixture.close());

  it('names the sends it cannot read, goes on, and exits with 1', async () => {
    const options = { unknownChecksMs: [100] };
    const jobs = [fixture.job({ options }), fixture.job({ options })] as const;
    for (const { recipientPhone } of jobs) {
      fixture.simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: recipientPhone });
    }
    const sent = await fixture.client.send(jobs[0]);
    const { messageId } = await sent.result();
    // Another SDK encrypts the memo, too.
    const { connection } = fixture.temporal;
    const other = new Client({
      connection,
      dataConverter: { payloadCodecs: [createPayloadCodec(parsePayloadKeys(theirs))] },
    });
    const unreadable = `by-hand-${randomUUID()}`;
    await other.workflow.start(WORKFLOW_TYPE, {
      workflowId: unreadable,
      taskQueue: fixture.taskQueue,
      args: [jobs[1]],
      memo: { note: 'ours alone' },
    });
    await fixture.client.get(unreadable).result();
    await waitUntil(
      'both to be listed',
      async () => (await fixture.client.count({ status: 'resent', accountId: fixture.accountId })) === 2,
    );

    const some = await (await smsFor({ ...fixture, payloadKeys: ours }))(['audit', '--json']);
    assert.equal(some.exitCode, 1, some.stderr);
    const findings = some.stdout.split('\n').map((line) => JSON.parse(line) as AuditFinding);
    assert.deepEqual(
      new Map(findings.map(({ workflowId, ...finding }) => [workflowId, finding])),
      new Map<string, object>([
        [sent.workflowId, { messageId }],
        [unreadable, { unreadable: true, unclear: 'this client cannot read the send' }],
      ]),
    );

    const none = await (await smsFor({ ...fixture, payloadKeys: theirs }))(['audit']);
    assert.equal(none.exitCode, 1, none.stderr);
    for (const id of [sent.workflowId, unreadable]) {
      assert.ok(none.stdout.includes(`${id}: undetermined: this client cannot read the send\n`), none.stdout);
    }
    assert.match(none.stdout, /^Resent sends checked: 2\. Possible duplicates: 0\. Undetermined: 2\./m);
  });
});
