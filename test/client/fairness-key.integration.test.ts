import assert from 'node:assert/strict';
import { fetchHistory } from '../support/run-history.js';
import { endedSend } from '../support/started-sends.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('the fairness key of a run', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  /** What the server keeps of a run's start. */
  async function fairnessKeyOf(workflowId: string): Promise<string | null | undefined> {
    const { events } = await fetchHistory(fixture.temporal, workflowId);
    return events?.[0]?.workflowExecutionStartedEventAttributes?.priority?.fairnessKey;
  }

  it('is the account for a send', async () => {
    const otherAccount = await fixture.addAccount(fixture.apiKey);
    for (const accountId of [fixture.accountId, otherAccount]) {
      const sent = await fixture.client.send(fixture.job({ accountId }));
      await sent.result();
      assert.equal(await fairnessKeyOf(sent.workflowId), accountId);
    }
  });

  it('is the account id in canonical form, however it was written', async () => {
    const sent = await fixture.client.send(fixture.job({ accountId: fixture.accountId.toUpperCase() }));
    await sent.result();
    assert.equal(await fairnessKeyOf(sent.workflowId), fixture.accountId);
  });

  it('is the account for a retry', async () => {
    const { workflowId } = await endedSend(fixture, [{ kind: 'http-400' }]);
    const outcome = await fixture.client.retry(workflowId);
    assert.equal(outcome.kind, 'started');
    assert.equal(await fairnessKeyOf(`${workflowId}-retry-1`), fixture.accountId);
    await fixture.client.get(`${workflowId}-retry-1`).result();
  });
});
