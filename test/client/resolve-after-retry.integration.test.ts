import assert from 'node:assert/strict';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { expectSmsError } from '../support/expect-failure.js';
import { statusIs } from '../support/started-sends.js';

describe('resolve of a send that was reset after its retry', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  it('refuses to resend what the retry has sent, and accepts decisions that send nothing', async () => {
    const { client, simulator, temporal } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    simulator.addFaults({ kind: 'http-400', times: 1, number: job.recipientPhone });
    const sent = await client.send(job);
    const { workflowId } = sent;
    await expectSmsError(sent.result(), 'MESSAGE_SEND_FAILED');
    const retry = await client.retry(workflowId);
    assert.equal(retry.kind, 'started');
    await client.get(`${workflowId}-retry-1`).result();
    await resetToStart(temporal, workflowId);
    await statusIs(fixture, workflowId, 'held');

    const refusal = await expectSmsError(client.resolve(workflowId, { resend: true }), 'VALIDATION_FAILED');
    assert.match(refusal.message, new RegExp(`${workflowId}-retry-1 may have sent`));
    await client.resolve(workflowId, { abandon: true });
    await expectSmsError(client.get(workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone).length, 1);
  });
});
