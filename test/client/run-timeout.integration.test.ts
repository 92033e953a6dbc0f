import assert from 'node:assert/strict';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the time-out that the client gives a run', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  async function timeoutOf(workflowId: string): Promise<number> {
    const { raw } = await fixture.temporal.workflow.getHandle(workflowId).describe();
    return tsToMs(raw.executionConfig?.workflowRunTimeout);
  }
  const assertNear = (actualMs: number, wantedMs: number) => {
    assert.ok(Math.abs(actualMs - wantedMs) < HOUR_MS, `${actualMs / DAY_MS} days`);
  };

  it('is 30 days past the deadline of a plain send, one with an expiry, a scheduled one and a retry', async () => {
    const { client, temporal } = fixture;
    const plain = await client.send(fixture.job());
    assertNear(await timeoutOf(plain.workflowId), 31 * DAY_MS);
    await temporal.workflow.getHandle(plain.workflowId).terminate();
    const retried = await client.retry(plain.workflowId);
    assert.ok(retried.kind === 'started');
    assertNear(await timeoutOf(retried.workflowId), 31 * DAY_MS);

    const expiresAt = new Date(Date.now() + 30 * DAY_MS).toISOString();
    const patient = await client.send(fixture.job({ options: { expiresAt } }));
    assertNear(await timeoutOf(patient.workflowId), 60 * DAY_MS);

    const sendAt = new Date(Date.now() + 364 * DAY_MS);
    const later = await client.send(fixture.job(), { sendAt });
    assertNear(await timeoutOf(later.workflowId), 395 * DAY_MS);
    for (const id of [retried.workflowId, patient.workflowId, later.workflowId]) {
      await temporal.workflow.getHandle(id).terminate();
    }
  });
});
