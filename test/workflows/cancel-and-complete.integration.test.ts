import assert from 'node:assert/strict';
import type { SmsHandle, SmsJob } from '../../src/client.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

describe('a run that is cancelled, terminated or completed by hand', () => {
  let fixture: SendFixture;
  /** Between the worker and the provider. */
  let proxy: TcpProxy;
  before(async () => {
    const provider = async (url: string) => {
      proxy = await startTcpProxy({ port: Number(new URL(url).port) });
      return `http://${proxy.address}`;
    };
    fixture = await createSendFixture({ route: { provider } });
  });
  afterEach(() => proxy.restore());
  after(async () => {
    await fixture.close();
    await proxy.close();
  });

  const requestsTo = (recipientPhone: string) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  /**
   * A send whose request is out and gets no answer before the network to the provider is restored.
   */
  async function sendWithoutAnswer(job: SmsJob): Promise<SmsHandle> {
    proxy.freeze('replies');
    const sent = await fixture.client.send(job);
    await waitUntil('the request to be out', () => requestsTo(job.recipientPhone) === 1);
    return sent;
  }

  /** Cancels a run while its request is out, whose answer comes once the run has taken notice. */
  async function cancelDuringRequest(job: SmsJob): Promise<SmsHandle> {
    const sent = await sendWithoutAnswer(job);
    await fixture.client.cancel(sent.workflowId);
    await waitUntil('the run to ask for the end of its request', async () => {
      const { events } = await fetchHistory(fixture.temporal, sent.workflowId);
      return events?.some((event) => event.activityTaskCancelRequestedEventAttributes);
    });
    await proxy.restore();
    return sent;
  }

  it('cancels a run in back-off at once, and sends nothing more', async () => {
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

  it('cancels a scheduled run, and sends nothing', async () => {
    const { client } = fixture;
    const job = fixture.job();
    const sent = await client.send(job, { sendAt: new Date(Date.now() + 3_600_000) });
    assert.equal((await sent.status()).status, 'running');
    await client.cancel(sent.workflowId);
    await expectSmsError(sent.result(), 'CANCELLED');
    assert.equal(requestsTo(job.recipientPhone), 0);
  });

  it('lets the reply win when a run is cancelled during the request', async () => {
    const job = fixture.job();
    const sent = await cancelDuringRequest(job);
    const { messageId } = await sent.result();
    assert.ok(fixture.simulator.messages().some(({ id }) => id === messageId));
    assert.equal(requestsTo(job.recipientPhone), 1);
  });

  it('ends as cancelled, listed as maybe sent, when the reply to a cancelled request is unclear', async () => {
    const { temporal, simulator } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'http-500', recorded: false, number: job.recipientPhone });
    const sent = await cancelDuringRequest(job);
    const error = await expectSmsError(sent.result(), 'CANCELLED');
    assert.equal(error.details.maybeSent, true);
    assert.match((await sent.status()).reason ?? '', /may have been sent/);
    const { typedSearchAttributes } = await temporal.workflow.getHandle(sent.workflowId).describe();
    const code = typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsErrorCode');
    assert.equal(code?.value, 'SEND_OUTCOME_UNKNOWN');
  });

  for (const recorded of [true, false]) {
    const end = recorded ? 'ends with the message' : 'ends as cancelled';
    it(`checks the sent messages once when a run is cancelled in the check window, and ${end} if the message is ${recorded ? '' : 'not '}there`, async () => {
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

  it('distinguishes a terminated run from a failed one', async () => {
    const { client, temporal } = fixture;
    const sent = await client.send(fixture.job({ recipientPhone: magicNumberFor('error-2') }));
    await temporal.workflow.getHandle(sent.workflowId).terminate();
    await expectSmsError(sent.result(), 'TERMINATED');
    assert.equal((await sent.status()).status, 'terminated');
  });

  it('finds the message when an operator completes the request by hand without its result', async () => {
    const { temporal, simulator } = fixture;
    const { namespace } = temporal.options;
    const job = fixture.job({ options: { unknownChecksMs: [100, 10_000] } });
    const sent = await sendWithoutAnswer(job);
    const { raw } = await temporal.workflow.getHandle(sent.workflowId).describe();
    const activityId = raw.pendingActivities?.[0]?.activityId ?? '';
    await temporal.workflowService.respondActivityTaskCompletedById({
      namespace,
      workflowId: sent.workflowId,
      activityId,
    });
    await proxy.restore();
    const { messageId } = await sent.result();
    assert.ok(simulator.messages().some(({ id }) => id === messageId));
    assert.equal(requestsTo(job.recipientPhone), 1);
  });
});
