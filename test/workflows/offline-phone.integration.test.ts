import assert from 'node:assert/strict';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { activitiesIn, fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { smsAttributesOf } from '../support/search-attributes.js';

const OFFLINE: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
  providerCode: '2',
  lookBeforeRepeat: true,
};

describe('a phone that is said to be offline', () => {
  let fixture: SendFixture;
  /** What happens to the next requests: said to be missed and taken all the same, or as the simulator wants. */
  let lies: boolean[] = [];
  before(async () => {
    const change = (ports: ActivityPorts): ActivityPorts => ({
      ...ports,
      provider: {
        async send(request) {
          const isLie = lies.shift() ?? false;
          const outcome = await ports.provider.send(request);
          return isLie ? OFFLINE : outcome;
        },
      },
    });
    fixture = await createSendFixture({ change });
  });
  afterEach(() => {
    lies = [];
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const send = async () => {
    const job = fixture.job({ options: { unknownChecksMs: [500, 1_500] } });
    const sent = await fixture.client.send(job);
    const messages = () =>
      fixture.simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    return { job, sent, messages };
  };
  const activitiesOf = async (workflowId: string) =>
    activitiesIn(await fetchHistory(fixture.temporal, workflowId)).filter(
      (name) => name === 'sendSms' || name === 'findSentSms',
    );

  it('is asked again only after a look at the sent messages, of which a run takes one', async () => {
    const { job, sent, messages } = await send();
    fixture.simulator.addFaults({ kind: 'error-2', times: 3, number: job.recipientPhone });
    const { messageId } = await sent.result();
    assert.deepEqual(
      messages().map(({ id }) => id),
      [messageId],
    );
    const activities = await activitiesOf(sent.workflowId);
    assert.equal(activities.filter((name) => name === 'findSentSms').length, 1);
    assert.deepEqual(activities.slice(0, 3), ['sendSms', 'findSentSms', 'sendSms']);
  });

  for (const silent of [0, 1]) {
    it(`gets no second request where the sent messages show the first, after ${silent} without an answer`, async () => {
      lies = [true];
      if (silent > 0) fixture.simulator.addFaults({ kind: 'log-500', times: silent });
      const { sent, messages } = await send();
      const { messageId } = await sent.result();
      assert.deepEqual(
        messages().map(({ id }) => id),
        [messageId],
      );
      assert.equal((await activitiesOf(sent.workflowId)).filter((name) => name === 'sendSms').length, 1);
      const { typedSearchAttributes } = await fixture.temporal.workflow.getHandle(sent.workflowId).describe();
      assert.equal(smsAttributesOf({ typedSearchAttributes })['SmsStatus'], 'settled');
    });
  }

  it('gets its request again where a list cannot be read to its end, or not at all for long', async function () {
    this.timeout(180_000);
    fixture.simulator.addFaults({ kind: 'log-500' });
    const { job, sent, messages } = await send();
    fixture.simulator.addFaults({ kind: 'error-2', times: 1, number: job.recipientPhone });
    const { messageId } = await sent.result();
    assert.deepEqual(
      messages().map(({ id }) => id),
      [messageId],
    );
  });
});
