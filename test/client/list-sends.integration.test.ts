import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createSmsClient, type SendFilter, type SmsListing } from '../../src/client.js';
import { quote } from '../../src/domain/visibility-query.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { statusIs } from '../support/started-sends.js';

describe('list and count', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  async function listed(filter: SendFilter, pageSize = 100): Promise<SmsListing[]> {
    const sends: SmsListing[] = [];
    for await (const send of fixture.client.list({ ...filter, pageSize })) sends.push(send);
    return sends;
  }

  /** Waits until so many sends are listed, as visibility lags. */
  const untilListed = (filter: SendFilter, count: number, pageSize?: number) =>
    waitUntil(`${count} sends to be listed`, async () => {
      const sends = await listed(filter, pageSize);
      return sends.length === count && sends;
    });

  it('finds sends by status, code, account and number', async () => {
    const huntId = randomUUID();
    const { client, simulator } = fixture;
    const metadata = { huntId };
    const failed = await client.send(fixture.job({ metadata, recipientPhone: magicNumberFor('http-400') }));
    const noKey = await client.send(fixture.job({ metadata, accountId: randomUUID() }));
    const waiting = await client.send(fixture.job({ metadata }), {
      sendAt: new Date(Date.now() + 3_600_000),
    });
    const heldJob = fixture.job({ metadata, options: { onUnknown: 'hold', unknownChecksMs: [100] } });
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: heldJob.recipientPhone });
    const held = await client.send(heldJob);
    const resentJob = fixture.job({ metadata, options: { unknownChecksMs: [100] } });
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: resentJob.recipientPhone });
    const resent = await client.send(resentJob);
    await resent.result();
    const cancelled = await client.send(fixture.job({ metadata }), {
      sendAt: new Date(Date.now() + 3_600_000),
    });
    await client.cancel(cancelled.workflowId);
    const terminated = await client.send(fixture.job({ metadata }), {
      sendAt: new Date(Date.now() + 3_600_000),
    });
    await fixture.temporal.workflow.getHandle(terminated.workflowId).terminate();
    await statusIs(fixture, held.workflowId, 'held');
    await Promise.all([failed, noKey, cancelled].map((send) => send.result().catch(() => undefined)));

    for (const [filter, wanted] of [
      [{ status: 'failed', errorCode: 'MESSAGE_SEND_FAILED' }, failed],
      [{ errorCode: 'API_KEY_REQUIRED' }, noKey],
      [{ status: 'running' }, waiting],
      [{ status: 'held' }, held],
      [{ status: 'resent' }, resent],
      [{ status: 'accepted' }, resent],
      [{ status: 'cancelled' }, cancelled],
      [{ errorCode: 'TERMINATED' }, terminated],
      [{ to: heldJob.recipientPhone }, held],
    ] as const) {
      const [found] = await untilListed({ huntId, ...filter }, 1);
      assert.equal(found?.workflowId, wanted.workflowId, JSON.stringify(filter));
    }
    assert.equal((await listed({ huntId, status: 'resent' }))[0]?.status, 'resent');
    assert.equal((await listed({ huntId, status: 'held' }))[0]?.status, 'held');
    assert.equal((await listed({ huntId, errorCode: 'TERMINATED' }))[0]?.code, 'TERMINATED');
    assert.equal((await listed({ huntId, status: 'checking' })).length, 0);
    assert.equal((await listed({ huntId, accountId: fixture.accountId.toUpperCase() })).length, 6);
    assert.equal((await listed({ huntId, since: new Date(Date.now() + 60_000) })).length, 0);
    assert.equal((await listed({ huntId, until: new Date(Date.now() + 60_000) })).length, 7);
    const inAMinute = new Date(Date.now() + 60_000);
    assert.equal((await listed({ huntId, endedBefore: inAMinute })).length, 5);
    assert.equal(await client.count({ huntId, endedBefore: inAMinute }), 5);
    const [failedOne] = await listed({ huntId, errorCode: 'MESSAGE_SEND_FAILED' });
    const endedBefore = new Date(failedOne?.closedAt ?? '');
    assert.equal((await listed({ huntId, errorCode: 'MESSAGE_SEND_FAILED', endedBefore })).length, 0);
    for (const { workflowId } of [waiting, held]) await client.cancel(workflowId);
  });

  it('lists every send once over several pages, and counts the same', async () => {
    const huntId = randomUUID();
    const jobs = Array.from({ length: 7 }, (_, n) =>
      fixture.job({ metadata: { huntId, leadId: `lead-${n}` } }),
    );
    const sent = await Promise.all(jobs.map((job) => fixture.client.send(job)));
    await Promise.all(sent.map((send) => send.result()));
    const sends = await waitUntil('all to be listed as sent', async () => {
      const found = await listed({ huntId, status: 'accepted' }, 2);
      return found.length === 7 && found;
    });
    assert.deepEqual(
      sends.map(({ workflowId }) => workflowId).sort(),
      sent.map(({ workflowId }) => workflowId).sort(),
    );
    assert.equal(await fixture.client.count({ huntId }), 7);
    const [first] = sends;
    const handle = fixture.temporal.workflow.getHandle(first!.workflowId);
    const { startTime, closeTime, memo } = await handle.describe();
    const { workflowId, runId, correlationIds } = first!;
    assert.deepEqual(first, {
      workflowId,
      runId,
      status: 'accepted',
      correlationIds: memo,
      startedAt: startTime.toISOString(),
      closedAt: closeTime?.toISOString(),
    });
    assert.equal(correlationIds.huntId, huntId);
  });

  it('fetches the next page only on demand', async () => {
    const huntId = randomUUID();
    for (let n = 0; n < 4; n++) {
      await (await fixture.client.send(fixture.job({ metadata: { huntId } }))).result();
    }
    await untilListed({ huntId, status: 'accepted' }, 4, 1);
    let pages = 0;
    const { address } = await sharedTemporal();
    const counting = createSmsClient({
      connection: {
        address,
        interceptors: [
          (options, nextCall) => {
            if (options.method_definition.path.endsWith('/ListWorkflowExecutions')) pages++;
            return nextCall(options) as never;
          },
        ],
      },
      payloadKeys: fixture.payloadKeys,
    });
    const sends = counting.list({ huntId, pageSize: 1 })[Symbol.asyncIterator]();
    for (const wanted of [1, 2]) {
      assert.equal((await sends.next()).done, false);
      assert.equal(pages, wanted);
    }
    await sends.return?.();
    assert.equal(pages, 2);
    await counting.close();
  });

  it('finds a number whose send was started under the previous key', async () => {
    const { address } = await sharedTemporal();
    const job = fixture.job();
    const sent = await fixture.client.send(job);
    const rotated = createSmsClient({
      connection: { address },
      payloadKeys: `new:${randomBytes(32).toString('hex')},${fixture.payloadKeys}`,
    });
    const [found] = await waitUntil('it to be listed', async () => {
      const sends: SmsListing[] = [];
      for await (const send of rotated.list({ to: job.recipientPhone })) sends.push(send);
      return sends.length > 0 && sends;
    });
    assert.equal(found?.workflowId, sent.workflowId);
    await rotated.close();
  });

  it('quotes values so that the server searches for a hostile one literally', async () => {
    const { workflowService, options } = fixture.temporal;
    for (const hostile of [
      `x' OR WorkflowType = 'sendSmsWorkflow`,
      String.raw`x\' OR WorkflowId != '`,
      '\\',
      `'"'`,
    ]) {
      const { executions } = await workflowService.listWorkflowExecutions({
        namespace: options.namespace,
        query: `SmsLeadId = ${quote(hostile)}`,
      });
      assert.equal(executions.length, 0, hostile);
    }
    await expectSmsError(fixture.client.count({ leadId: "x' OR 'a' = 'a" }), 'VALIDATION_FAILED');
  });
});
