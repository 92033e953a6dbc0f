import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { resetToStart, fetchHistory } from '../support/run-history.js';
import {
  accepted,
  anHourAgo,
  assertRejects,
  createRunsFixture,
  ownerOf,
  recipientKeys,
  type RunsFixture,
} from './runs-fixture.js';

describe('runs to a number, read from their histories', () => {
  let fixture: RunsFixture;
  before(async () => {
    fixture = await createRunsFixture();
  });
  after(() => fixture.close());

  for (const kind of ['temporal', 'nativeTemporal'] as const) {
    it(`have a request out until its reply is known, and then its id (${kind})`, async () => {
      const runs = fixture.createRuns({ client: fixture[kind] });
      const line = fixture.line();
      const gate = randomUUID();
      const script = [{ activity: 'sendSms', gate, result: { messageId: 'm-1' } }];
      const handle = await fixture.start(line, { message: 'Bonjour', script, end: { messageId: 'm-1' } });
      await fixture.listUntil('the request to be out', line, ([run]) => run?.requestOut === true);
      const out = { owner: ownerOf(handle), text: 'Bonjour', messageIds: [], requestOut: true };
      assert.deepEqual(await runs.listOwningRuns({ ...line, sinceMs: Date.now() }), [out]);

      fixture.open(gate);
      await handle.result();
      const done = { ...out, messageIds: ['m-1'], requestOut: false };
      assert.deepEqual(await runs.listOwningRuns({ ...line, sinceMs: anHourAgo() }), [done]);
    });
  }

  it('have no request out once it failed, and own nothing', async () => {
    const line = fixture.line();
    const handle = await fixture.start(line, {
      script: [{ activity: 'sendSms' }, { until: 'decided' }],
    });
    await waitUntil('the request to fail', async () => {
      const { events } = await fetchHistory(fixture.temporal, handle.workflowId);
      return events?.some((event) => event.activityTaskFailedEventAttributes);
    });
    const [run] = await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    assert.deepEqual(run, { owner: ownerOf(handle), text: undefined, messageIds: [], requestOut: false });
  });

  it('have no request out once they are terminated', async () => {
    const line = fixture.line();
    const script = [{ activity: 'sendSms', gate: randomUUID(), result: { messageId: 'm-1' } }];
    const handle = await fixture.start(line, { message: 'x', script });
    await fixture.listUntil('the request to be out', line, ([run]) => run?.requestOut === true);
    await fixture.temporal.workflow.getHandle(handle.workflowId).terminate();
    const [run] = await fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
    assert.deepEqual(run, { owner: ownerOf(handle), text: 'x', messageIds: [], requestOut: false });
  });

  it('do not count other activities as requests', async () => {
    const line = fixture.line();
    const gate = randomUUID();
    const script = [
      { activity: 'findSentSms', result: { verdict: 'ambiguous', messageId: 'no' } },
      { activity: 'findDuplicate', gate, result: { possibleDuplicateOf: 'no', messageId: 'no' } },
    ];
    const handle = await fixture.start(line, { message: 'x', script });
    await waitUntil('the second activity to be scheduled', async () => {
      const { events = [] } = await fetchHistory(fixture.temporal, handle.workflowId);
      return events?.some(
        (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'findDuplicate',
      );
    });
    const [run] = await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    assert.equal(run?.requestOut, false);
    fixture.open(gate);
    await handle.result();
    const [ended] = await fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
    assert.deepEqual(ended?.messageIds, []);
  });

  it('own messages that were accepted, found, returned as a result, or named by an operator', async () => {
    const line = fixture.line();
    const handle = await fixture.start(line, {
      script: [
        accepted('sent-1'),
        { activity: 'sendSms' },
        { activity: 'findSentSms', result: { verdict: 'found', messageId: 'found-2', timestamp: '' } },
        { activity: 'findSentSms', result: { verdict: 'clean' } },
        { until: 'decided' },
      ],
      end: { success: true, messageId: 'end-4' },
    });
    const decide = (decision: object) => handle.executeUpdate('resolveSend', { args: [decision] });
    await assert.rejects(decide({ sent: true, messageId: 'refused-at-once', refuse: 'at once' }));
    await assert.rejects(decide({ sent: true, messageId: 'refused-later', refuse: 'later' }));
    await decide({ sent: true, messageId: ' decided-3 ' });
    await handle.result();
    const [run] = await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    assert.deepEqual([...(run?.messageIds ?? [])].sort(), ['decided-3', 'end-4', 'found-2', 'sent-1']);
  });

  it('own nothing that an operator entered in place of a reply', async () => {
    const { temporal } = fixture;
    const line = fixture.line();
    const script = [{ activity: 'sendSms', gate: randomUUID(), result: { messageId: 'm' } }];
    const handle = await fixture.start(line, { message: 'x', script });
    await fixture.listUntil('the request to be out', line, ([run]) => run?.requestOut === true);
    await temporal.workflowService.respondActivityTaskCompletedById({
      namespace: temporal.options.namespace,
      workflowId: handle.workflowId,
      activityId: '1',
    });
    await handle.result();
    const [run] = await fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
    assert.deepEqual(run, { owner: ownerOf(handle), text: 'x', messageIds: [], requestOut: false });
  });

  it('are one owner together with their resets, which owns the ids of all', async () => {
    const { temporal } = fixture;
    const line = fixture.line();
    const gate = randomUUID();
    const script = [
      { activity: 'sendSms', result: { messageId: 'before' }, resultOfReset: { messageId: 'after' } },
      { activity: 'sendSms', gate, result: { messageId: 'last' }, resultOfReset: { messageId: 'last' } },
    ];
    const handle = await fixture.start(line, { message: 'Salut', script });
    await fixture.listUntil('the first id', line, ([run]) => run?.messageIds.includes('before') === true);
    const runId = await resetToStart(temporal, handle.workflowId);
    assert.notEqual(runId, handle.firstExecutionRunId);
    const during = await fixture.listUntil(
      'the reset run to be where the first one was',
      line,
      ([run]) => run?.messageIds.includes('after') === true && run.requestOut,
    );
    assert.equal(during.length, 1);
    fixture.open(gate);
    await temporal.workflow.result(handle.workflowId);
    const [run, ...others] = await fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...run, messageIds: [...(run?.messageIds ?? [])].sort() },
      { owner: ownerOf(handle), text: 'Salut', messageIds: ['after', 'before', 'last'], requestOut: false },
    );
  });

  it('keep their ids, without a text, when their input is unreadable', async () => {
    const { temporal, taskQueue } = fixture;
    const line = fixture.line();
    const workflowId = `damaged-${randomUUID()}`;
    const [key = ''] = recipientKeys(line.recipientPhone);
    const keyword = (value: string) => ({
      metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') },
      data: Buffer.from(JSON.stringify(value)),
    });
    await temporal.workflowService.startWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: `nobody-${taskQueue}` },
      input: {
        payloads: [
          { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"message":"Bon') },
        ],
      },
      searchAttributes: {
        indexedFields: { SmsAccountId: keyword(line.accountId), SmsRecipientKey: keyword(key) },
      },
    });
    const [run] = await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    assert.equal(run?.owner.workflowId, workflowId);
    assert.deepEqual(
      { ...run, owner: undefined },
      { owner: undefined, text: undefined, messageIds: [], requestOut: false },
    );
    await temporal.workflow.getHandle(workflowId).terminate();
  });

  it('are an error when one was accepted with an unreadable id', async () => {
    const { temporal } = fixture;
    const line = fixture.line();
    const script = [{ activity: 'sendSms', gate: randomUUID(), result: { messageId: 'm' } }];
    const handle = await fixture.start(line, { message: 'x', script });
    await fixture.listUntil('the request to be out', line, ([run]) => run?.requestOut === true);
    await temporal.workflowService.respondActivityTaskCompletedById({
      namespace: temporal.options.namespace,
      workflowId: handle.workflowId,
      activityId: '1',
      result: {
        payloads: [{ metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('secret') }],
      },
    });
    await assertRejects(
      fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() }),
      'A run may own a message, but this worker cannot read its id.',
    );
  });
});
