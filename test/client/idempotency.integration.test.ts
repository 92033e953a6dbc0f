import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createSmsClient } from '../../src/client.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import type { SendOrder } from '../support/send-in-process.js';
import { sharedTemporal } from '../support/shared-parts.js';

describe('idempotency keys', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const messagesTo = (recipientPhone: string) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);

  it('starts one send when two processes use the same key at once', async () => {
    const { address } = await sharedTemporal();
    const { payloadKeys, taskQueue } = fixture;
    const job = fixture.job();
    const order: SendOrder = {
      options: { connection: { address }, payloadKeys, taskQueue },
      job,
      idempotencyKey: randomUUID(),
    };
    const script = fileURLToPath(new URL('../support/send-in-process.ts', import.meta.url));
    const processes = [1, 2].map(() => fork(script, { env: childEnvironment() }));
    await Promise.all(
      processes.map(async (child) => {
        child.send(order);
        await once(child, 'message');
      }),
    );
    const answers = processes.map(async (child) => ((await once(child, 'message')) as unknown[])[0]);
    for (const child of processes) child.send('go');
    const [first, second] = await Promise.all(answers);

    assert.deepEqual(first, second);
    const { workflowId } = first as { workflowId: string };
    await fixture.client.get(workflowId).result();
    assert.equal(messagesTo(job.recipientPhone).length, 1);
  });

  it('returns the first send after its end, even if the number is written differently', async () => {
    const idempotencyKey = `lead-${randomUUID()}`;
    const job = fixture.job({ recipientPhone: '06 39 98 10 99' });
    const first = await fixture.client.send(job, { idempotencyKey });
    const result = await first.result();
    const again = { ...job, recipientPhone: '+33 (0)6.39.98.10.99', accountId: job.accountId.toUpperCase() };
    const second = await fixture.client.send(again, { idempotencyKey });
    assert.equal(second.workflowId, `sms-${job.accountId}-${idempotencyKey}`);
    assert.equal(second.runId, first.runId);
    assert.deepEqual(await second.result(), result);
    assert.equal(messagesTo('+33639981099').length, 1);
  });

  it('refuses the key for another job, both during and after the first send', async () => {
    const idempotencyKey = randomUUID();
    const job = fixture.job({ metadata: { leadId: 'lead-1' } });
    const first = await fixture.client.send(job, { idempotencyKey });
    for (const other of [
      { ...job, message: 'another text' },
      { ...job, metadata: { leadId: 'lead-2' } },
      { ...job, options: { maxResends: 0 } },
    ]) {
      const error = await expectSmsError(
        fixture.client.send(other, { idempotencyKey }),
        'IDEMPOTENCY_KEY_REUSED',
      );
      assert.equal(error.workflowId, first.workflowId);
      await first.result();
    }
    assert.equal(messagesTo(job.recipientPhone).length, 1);
  });

  it('names the fields that differ, but never their values', async () => {
    const idempotencyKey = randomUUID();
    const job = fixture.job({ message: 'first words', metadata: { leadId: 'lead-1' } });
    const first = await fixture.client.send(job, { idempotencyKey });
    const other = { ...job, message: 'second words', metadata: { leadId: 'lead-2' } };
    const sendAt = new Date(Date.now() + 3_600_000);
    const error = await expectSmsError(
      fixture.client.send(other, { idempotencyKey, sendAt }),
      'IDEMPOTENCY_KEY_REUSED',
    );
    assert.deepEqual(error.details.fields, ['message', 'metadata.leadId', 'options.sendAt']);
    assert.match(error.message, /: it differs in message, metadata\.leadId, options\.sendAt\. /);
    const shown = `${error.stack ?? ''} ${JSON.stringify(error)}`;
    const values = [
      'words',
      'lead-1',
      'lead-2',
      job.recipientPhone.slice(-8),
      sendAt.toISOString().slice(0, 16),
    ];
    assert.deepEqual(
      values.filter((value) => shown.includes(value)),
      [],
    );
    await first.result();
  });

  it('recognises the same request, however it is written and whenever its expiry counts from', async () => {
    const idempotencyKey = randomUUID();
    const sendAt = new Date(Date.now() + 3_600_000);
    const job = fixture.job({ recipientPhone: '06 39 98 10 98', metadata: { leadId: 'l' } });
    const first = await fixture.client.send(job, { idempotencyKey, sendAt });
    const expiresAt = new Date(sendAt.getTime() + 60_000).toISOString();
    for (const [again, options] of [
      [job, { sendAt: sendAt.toISOString() }],
      [{ ...job, options: {} }, { sendAt }],
      [{ ...job, metadata: { adId: undefined, leadId: 'l' } } as typeof job, { sendAt }],
      [{ ...job, options: { onUnknown: 'resend' as const, maxResends: 1, expiresAt } }, { sendAt }],
      [{ ...job, recipientPhone: '+33639981098', options: { sendAt: sendAt.toISOString() } }, {}],
    ] as const) {
      const repeat = await fixture.client.send(again, { idempotencyKey, ...options });
      assert.equal(repeat.runId, first.runId);
    }
    for (const other of [undefined, new Date(sendAt.getTime() + 1_000)]) {
      const error = await expectSmsError(
        fixture.client.send(job, { idempotencyKey, ...(other === undefined ? {} : { sendAt: other }) }),
        'IDEMPOTENCY_KEY_REUSED',
      );
      assert.deepEqual(error.details.fields, ['options.sendAt']);
    }
    await fixture.client.cancel(first.workflowId);
    await expectSmsError(first.result(), 'CANCELLED');
  });

  it('knows the purpose of the client as a default of the job', async () => {
    const { address } = await sharedTemporal();
    const { payloadKeys, taskQueue } = fixture;
    const options = { connection: { address }, payloadKeys, taskQueue };
    const marketing = createSmsClient({ ...options, purpose: 'marketing' });
    const idempotencyKey = randomUUID();
    const sendAt = new Date(Date.now() + 3_600_000);
    const job = fixture.job();
    const first = await marketing.send(job, { idempotencyKey, sendAt });
    for (const [client, again] of [
      [marketing, job],
      [marketing, { ...job, options: { purpose: 'marketing' } }],
      [fixture.client, { ...job, options: { purpose: 'marketing' } }],
    ] as const)
      assert.equal((await client.send(again, { idempotencyKey, sendAt })).runId, first.runId);
    const error = await expectSmsError(
      fixture.client.send(job, { idempotencyKey, sendAt }),
      'IDEMPOTENCY_KEY_REUSED',
    );
    assert.deepEqual(error.details.fields, ['options.purpose']);
    await marketing.cancel(first.workflowId);
    await expectSmsError(first.result(), 'CANCELLED');
    await marketing.close();
  });

  it('keeps the keys of two accounts apart', async () => {
    const idempotencyKey = randomUUID();
    const accountId = await fixture.addAccount(fixture.apiKey);
    const one = await fixture.client.send(fixture.job(), { idempotencyKey });
    const two = await fixture.client.send(fixture.job({ accountId }), { idempotencyKey });
    assert.notEqual(one.workflowId, two.workflowId);
    await Promise.all([one.result(), two.result()]);
  });

  it('refuses an id used by another workflow type', async () => {
    const idempotencyKey = randomUUID();
    const job = fixture.job();
    const handle = await fixture.temporal.workflow.start('anotherWorkflow', {
      workflowId: `sms-${job.accountId}-${idempotencyKey}`,
      taskQueue: 'nobody-polls-this',
    });
    await expectSmsError(fixture.client.send(job, { idempotencyKey }), 'IDEMPOTENCY_KEY_REUSED');
    await handle.terminate();
  });

  it('refuses a key whose run has an unreadable input, and quotes nothing of it', async () => {
    const idempotencyKey = randomUUID();
    const job = fixture.job();
    const { workflowService, options } = fixture.temporal;
    const workflowId = `sms-${job.accountId}-${idempotencyKey}`;
    await workflowService.startWorkflowExecution({
      namespace: options.namespace,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: fixture.taskQueue },
      input: {
        payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"a":+336399') }],
      },
    });
    const error = await expectSmsError(
      fixture.client.send(job, { idempotencyKey }),
      'IDEMPOTENCY_KEY_REUSED',
    );
    assert.ok(!String(error.stack).includes('336399'));
  });

  it('starts separate runs without a key', async () => {
    const job = fixture.job();
    const [one, two] = [await fixture.client.send(job), await fixture.client.send(job)];
    assert.notEqual(one.workflowId, two.workflowId);
    await Promise.all([one.result(), two.result()]);
    assert.equal(messagesTo(job.recipientPhone).length, 2);
  });

  it('starts a run of the documented workflow type', async () => {
    const sent = await fixture.client.send(fixture.job());
    const { type } = await fixture.temporal.workflow.getHandle(sent.workflowId).describe();
    assert.equal(type, WORKFLOW_TYPE);
    await sent.result();
  });
});
