import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { claimWorkflowIdFor } from '../../src/domain/names.js';
import { createClaims } from '../../src/temporal/claims.js';
import { createSendFixture } from '../support/send-fixture.js';

describe('the memo of a claim', () => {
  it('stays readable without a key, and holds ids only', async () => {
    const fixture = await createSendFixture({ worker: false });
    try {
      const message = { accountId: randomUUID(), messageId: 'ab'.repeat(20) };
      const owner = { workflowId: `sms-${randomUUID()}`, originalRunId: randomUUID() };
      const claims = createClaims({ client: fixture.temporal, taskQueue: fixture.taskQueue });
      assert.deepEqual(await claims.claim(message, owner), owner);

      const workflowId = claimWorkflowIdFor(message.accountId, message.messageId);
      const handle = fixture.temporal.workflow.getHandle(workflowId);
      const { raw } = await handle.describe();
      const fields = Object.entries(raw.workflowExecutionInfo?.memo?.fields ?? {});
      const texts = fields.map(([name, { data }]) => [name, Buffer.from(data ?? []).toString()]);
      assert.deepEqual(Object.fromEntries(texts), {
        accountId: JSON.stringify(message.accountId),
        workflowId: JSON.stringify(owner.workflowId),
      });
      await handle.terminate();
    } finally {
      await fixture.close();
    }
  });
});
