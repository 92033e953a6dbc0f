import assert from 'node:assert/strict';
import { setApiKey } from '../../src/db/set-api-key.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

describe('a reset run', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const requestsTo = (recipientPhone: string) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  const reset = (workflowId: string) => resetToStart(fixture.temporal, workflowId);

  it('sends no second SMS after its first run completed, and ends with the first one', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100, 200] } });
    const sent = await client.send(job);
    const { messageId } = await sent.result();
    await simulator.waitForMessage(({ id }) => id === messageId);

    // Twice: a reset run can be reset again.
    for (let times = 0; times < 2; times++) {
      await reset(sent.workflowId);
      assert.equal((await client.get(sent.workflowId).result()).messageId, messageId);
      assert.equal(requestsTo(job.recipientPhone), 1);
    }
    assert.equal(simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone).length, 1);
  });

  it('is held when the sent messages do not show its message, and resends once on an operator’s order', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100, 200], onUnknown: 'fail' } });
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await client.send(job);
    await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
    await reset(sent.workflowId);
    const held = await statusIs(fixture, sent.workflowId, 'held');
    assert.match(held.reason ?? '', /was reset/);
    assert.equal(requestsTo(job.recipientPhone), 1);
    await client.resolve(sent.workflowId, { resend: true });
    const { messageId } = await client.get(sent.workflowId).result();
    assert.equal(requestsTo(job.recipientPhone), 2);

    // A decision belongs to the run that it was taken for: the next reset does not send by it.
    await reset(sent.workflowId);
    assert.equal((await client.get(sent.workflowId).result()).messageId, messageId);
    assert.equal(requestsTo(job.recipientPhone), 2);
  });

  it('ends as maybe sent, even when something else keeps it from sending', async () => {
    const { client } = fixture;
    const expiresAtMs = Date.now() + 10_000;
    const expired = fixture.job({ options: { expiresAt: new Date(expiresAtMs).toISOString() } });
    const accountId = await fixture.addAccount(fixture.apiKey);
    const keyless = fixture.job({ accountId });
    const keepFromSending = [
      [expired, () => waitUntil('the deadline to pass', () => expiresAtMs < Date.now())],
      [keyless, () => setApiKey(fixture.databaseUrl, accountId, '')],
    ] as const;
    await Promise.all(
      keepFromSending.map(async ([job, keep]) => {
        const sent = await client.send(job);
        await sent.result();
        await keep();
        await reset(sent.workflowId);
        await expectSmsError(client.get(sent.workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
        assert.equal(requestsTo(job.recipientPhone), 1);
      }),
    );
  });
});
