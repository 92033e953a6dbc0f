import assert from 'node:assert/strict';
import type { SmsJob } from '../../src/client.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { activitiesIn, fetchHistory, smsAttributesOf } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';

const OFFLINE: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
  providerCode: '2',
  lookBeforeRepeat: true,
};

describe('a phone reported as offline', () => {
  const itBesideOthers = sideBySide();
  const fixtures: SendFixture[] = [];
  after(() => Promise.all(fixtures.map((fixture) => fixture.close())));

  /**
   * A fixture of a test's own, as a fault of the list is met by all who read it; the provider lies
   * about its first `lies` requests, which it takes.
   */
  async function open({ lies }: { lies: number }) {
    let requests = 0;
    const fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        provider: {
          async send(request) {
            const outcome = await ports.provider.send(request);
            return requests++ < lies ? OFFLINE : outcome;
          },
        },
      }),
    });
    fixtures.push(fixture);
    return fixture;
  }

  /**
   * Sends a job to its end: the message's id, the ids of what the phone got, and the activities of
   * interest.
   */
  async function send({ client, temporal, simulator }: SendFixture, job: SmsJob) {
    const sent = await client.send({ ...job, options: { unknownChecksMs: [500, 1_500] } });
    const { messageId } = await sent.result();
    const activities = activitiesIn(await fetchHistory(temporal, sent.workflowId)).filter(
      (name) => name === 'sendSms' || name === 'findSentSms',
    );
    const received = simulator
      .messages()
      .filter(({ recipient }) => recipient === job.recipientPhone)
      .map(({ id }) => id);
    return { workflowId: sent.workflowId, messageId, received, activities };
  }

  itBesideOthers(
    'gets another request only after a check of the sent messages, made once per run',
    async () => {
      const fixture = await open({ lies: 0 });
      const job = fixture.job();
      fixture.simulator.addFaults({ kind: 'error-2', times: 3, number: job.recipientPhone });
      const { messageId, received, activities } = await send(fixture, job);
      assert.deepEqual(received, [messageId]);
      assert.equal(activities.filter((name) => name === 'findSentSms').length, 1);
      assert.deepEqual(activities.slice(0, 3), ['sendSms', 'findSentSms', 'sendSms']);
    },
  );

  for (const silent of [0, 1]) {
    itBesideOthers(
      `gets no second request when the sent messages show the first, after ${silent} without an answer`,
      async () => {
        const fixture = await open({ lies: 1 });
        if (silent > 0) fixture.simulator.addFaults({ kind: 'log-500', times: silent });
        const { workflowId, messageId, received, activities } = await send(fixture, fixture.job());
        assert.deepEqual(received, [messageId]);
        assert.equal(activities.filter((name) => name === 'sendSms').length, 1);
        const { typedSearchAttributes } = await fixture.temporal.workflow.getHandle(workflowId).describe();
        assert.equal(smsAttributesOf({ typedSearchAttributes })['SmsStatus'], 'reconciled');
      },
    );
  }
});
