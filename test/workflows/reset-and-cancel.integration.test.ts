import assert from 'node:assert/strict';
import { setApiKey } from '../../src/db/set-api-key.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart } from '../support/reset-to-start.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/status-is.js';

describe('what operators do to a run', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const requestsTo = (recipientPhone: string) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  const reset = (workflowId: string) => resetToStart(fixture.temporal, workflowId);

  it('sends no second SMS when a completed run is reset, and ends with the first one', async () => {
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

  it('holds a reset run that the log does not show, and sends again when an operator says so, once', async () => {
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

  it('says of a reset run that it may have been sent, also when something else keeps it from sending', async () => {
    const { client } = fixture;
    const expired = fixture.job({ options: { expiresAt: new Date(Date.now() + 20_000).toISOString() } });
    const accountId = await fixture.addAccount(fixture.apiKey);
    const keyless = fixture.job({ accountId });
    for (const job of [expired, keyless]) {
      const sent = await client.send(job);
      await sent.result();
      if (job === keyless) await setApiKey(fixture.databaseUrl, accountId, '');
      else
        await waitUntil('the deadline to pass', () => Date.parse(job.options?.expiresAt ?? '') < Date.now());
      await reset(sent.workflowId);
      await expectSmsError(client.get(sent.workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
      assert.equal(requestsTo(job.recipientPhone), 1);
    }
  });

  it('finds the message when an operator completes the request by hand without its result', async () => {
    const { client, temporal, simulator } = fixture;
    const { namespace } = temporal.options;
    const job = fixture.job({ options: { unknownChecksMs: [100, 10_000] } });
    simulator.addFaults({ kind: 'slow-reply', recorded: true, number: job.recipientPhone, delayMs: 8_000 });
    const sent = await client.send(job);
    await waitUntil('the request to be out', () => requestsTo(job.recipientPhone) === 1);
    const { raw } = await temporal.workflow.getHandle(sent.workflowId).describe();
    const activityId = raw.pendingActivities?.[0]?.activityId ?? '';
    await temporal.workflowService.respondActivityTaskCompletedById({
      ...{ namespace, workflowId: sent.workflowId, activityId },
    });
    const { messageId } = await sent.result();
    assert.ok(simulator.messages().some(({ id }) => id === messageId));
    assert.equal(requestsTo(job.recipientPhone), 1);
  });

  it('cancels a run in back-off at once; nothing is sent any more', async () => {
    const { client, temporal, simulator } = fixture;
    const recipientPhone = magicNumberFor('error-2');
    const sent = await client.send(fixture.job({ recipientPhone }));
    await waitUntil('the first attempt to fail', async () => {
      const { events } = await fetchHistory(temporal, sent.workflowId);
      return events?.some((event) => event.timerStartedEventAttributes);
    });
    await client.cancel(sent.workflowId);
    await expectSmsError(sent.result(), 'CANCELLED');
    const attempts = sendAttemptsIn(await fetchHistory(temporal, sent.workflowId));
    assert.equal(requestsTo(recipientPhone), attempts);
    assert.equal(simulator.messages().filter(({ recipient }) => recipient === recipientPhone).length, 0);
  });

  it('cancels a run that waits for its time; nothing is sent', async () => {
    const { client } = fixture;
    const job = fixture.job();
    const sent = await client.send(job, { sendAt: new Date(Date.now() + 3_600_000) });
    assert.equal((await sent.status()).status, 'running');
    await client.cancel(sent.workflowId);
    await expectSmsError(sent.result(), 'CANCELLED');
    assert.equal(requestsTo(job.recipientPhone), 0);
  });

  it('lets the answer win when a run is cancelled during the request', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'slow-reply', recorded: true, number: job.recipientPhone, delayMs: 8_000 });
    const sent = await client.send(job);
    await waitUntil('the request to be out', () => requestsTo(job.recipientPhone) === 1);
    await client.cancel(sent.workflowId);
    const { messageId } = await sent.result();
    assert.ok(simulator.messages().some(({ id }) => id === messageId));
  });

  it('ends as cancelled, and can be found as maybe sent, when the answer to a cancelled request is unclear', async () => {
    const { client, temporal, simulator } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'slow-reply', recorded: false, number: job.recipientPhone, delayMs: 8_000 });
    const sent = await client.send(job);
    await waitUntil('the request to be out', () => requestsTo(job.recipientPhone) === 1);
    await client.cancel(sent.workflowId);
    const error = await expectSmsError(sent.result(), 'CANCELLED');
    assert.equal(error.details.maybeSent, true);
    assert.match((await sent.status()).reason ?? '', /may have been sent/);
    const { typedSearchAttributes } = await temporal.workflow.getHandle(sent.workflowId).describe();
    const code = typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsErrorCode');
    assert.equal(code?.value, 'SEND_OUTCOME_UNKNOWN');
  });

  for (const recorded of [true, false]) {
    const end = recorded ? 'ends with the message' : 'ends as cancelled';
    it(`asks the log once when a run is cancelled in the check window, and ${end} if it is ${recorded ? '' : 'not '}there`, async () => {
      const { client, temporal, simulator } = fixture;
      const job = fixture.job({ options: { unknownChecksMs: [3_600_000] } });
      simulator.addFaults({ kind: 'http-500', recorded, times: 1, number: job.recipientPhone });
      const sent = await client.send(job);
      await statusIs(fixture, sent.workflowId, 'checking');
      await client.cancel(sent.workflowId);
      if (recorded) {
        const { messageId } = await sent.result();
        assert.ok(simulator.messages().some(({ id }) => id === messageId));
      } else {
        const error = await expectSmsError(sent.result(), 'CANCELLED');
        assert.equal(error.details.maybeSent, true);
      }
      const checks = activitiesIn(await fetchHistory(temporal, sent.workflowId));
      assert.equal(checks.filter((name) => name === 'findSentSms').length, 1);
      assert.equal(requestsTo(job.recipientPhone), 1);
    });
  }

  it('cancels a held run at once', async () => {
    const { client, temporal, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100], onUnknown: 'hold' } });
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    await client.cancel(sent.workflowId);
    const error = await expectSmsError(sent.result(), 'CANCELLED');
    assert.equal(error.details.maybeSent, true);
    const checks = activitiesIn(await fetchHistory(temporal, sent.workflowId));
    assert.equal(checks.filter((name) => name === 'findSentSms').length, 1);
  });

  it('tells a terminated run from a failed one', async () => {
    const { client, temporal } = fixture;
    const sent = await client.send(fixture.job({ recipientPhone: magicNumberFor('error-2') }));
    await temporal.workflow.getHandle(sent.workflowId).terminate();
    await expectSmsError(sent.result(), 'TERMINATED');
    assert.equal((await sent.status()).status, 'terminated');
  });
});
