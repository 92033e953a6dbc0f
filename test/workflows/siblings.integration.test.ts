import assert from 'node:assert/strict';
import type { SmsJob } from '../../src/client.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { decodeAll } from '../support/decode-all.js';
import { activitiesIn, fetchHistory, rawTextOf, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';

/** Longer than a send takes: a run with this window stays where it is until then. */
const LATER_MS = 8_000;

describe('runs to the same number', function () {
  // A check that comes too early for its test is repeated a minute later.
  this.timeout('4 minutes');
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  /** The numbers to which requests have gone out whose replies are still on their way. */
  const awaitingReply = new Set<string>();
  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        provider: {
          async send(request) {
            const outcome = await ports.provider.send(request);
            await waitUntil('the reply to arrive', () => !awaitingReply.has(request.recipientPhone));
            return outcome;
          },
        },
      }),
    });
  });
  after(() => fixture.close());

  const requestsTo = (recipientPhone: string) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;
  const messagesTo = (recipientPhone: string) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);
  const attemptsOf = async (workflowId: string) =>
    sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId));

  /** Starts a job that meets this fault, and waits until its request has arrived. */
  async function start(job: SmsJob, fault?: Omit<FaultRule, 'number' | 'times'>, checksMs = [1_000, 2_000]) {
    const before = requestsTo(job.recipientPhone);
    if (fault !== undefined) {
      fixture.simulator.addFaults({ ...fault, times: 1, number: job.recipientPhone });
    }
    const sent = await fixture.client.send({ ...job, options: { unknownChecksMs: checksMs } });
    await waitUntil('the request to arrive', () => requestsTo(job.recipientPhone) === before + 1);
    return sent;
  }

  const isOutcomeUnknown = (workflowId: string) =>
    waitUntil('the run to be in doubt', async () =>
      ['checking', 'held'].includes((await fixture.client.get(workflowId).status()).status),
    );

  /** What each run says that it sent, against what the phone got: one message each, none twice. */
  async function expectOneEach(job: SmsJob, ...runs: { result(): Promise<{ messageId: string }> }[]) {
    const results = await Promise.all(runs.map((run) => run.result()));
    const received = messagesTo(job.recipientPhone).map(({ id }) => id);
    assert.deepEqual(results.map(({ messageId }) => messageId).sort(), received.sort());
    assert.equal(new Set(received).size, runs.length);
  }

  itBesideOthers('leave the row to a sibling whose reply is still on its way', async () => {
    const job = fixture.job();
    // Its first check comes while the sibling's reply is out, its second one after.
    const lost = await start(job, { kind: 'http-500', recorded: false }, [4_000, 8_000]);
    await isOutcomeUnknown(lost.workflowId);
    awaitingReply.add(job.recipientPhone);
    const sibling = await start(job);
    await waitUntil('the first check to have found an obstacle', async () => {
      const history = await fetchHistory(fixture.temporal, lost.workflowId);
      return rawTextOf(await decodeAll(fixture.temporal, history)).includes('waiting for its reply');
    });
    assert.equal(messagesTo(job.recipientPhone).length, 1, 'the sibling’s');
    awaitingReply.delete(job.recipientPhone);
    await expectOneEach(job, lost, sibling);
    assert.equal(await attemptsOf(sibling.workflowId), 1);
    assert.equal(await attemptsOf(lost.workflowId), 2);
    assert.ok(
      !activitiesIn(await fetchHistory(fixture.temporal, sibling.workflowId)).includes('findSentSms'),
    );
  });

  itBesideOthers('leave the row to a sibling that was accepted with it', async () => {
    const job = fixture.job();
    const accepted = await start(job);
    await accepted.result();
    const lost = await start(job, { kind: 'http-500', recorded: false });
    await expectOneEach(job, accepted, lost);
    assert.equal(await attemptsOf(lost.workflowId), 2);
  });

  itBesideOthers('leave the row to a sibling that was accepted with it while this one waited', async () => {
    const job = fixture.job();
    const lost = await start(job, { kind: 'http-500', recorded: false }, [LATER_MS]);
    await isOutcomeUnknown(lost.workflowId);
    const accepted = await start(job);
    await expectOneEach(job, accepted, lost);
    assert.equal(await attemptsOf(lost.workflowId), 2);
  });

  itBesideOthers(
    'give the only row to one of two with an unknown outcome, and resend the other',
    async () => {
      const job = fixture.job();
      const lost = await start(job, { kind: 'http-500', recorded: false }, [5_000]);
      const recorded = await start(job, { kind: 'http-500', recorded: true }, [5_000]);
      await expectOneEach(job, lost, recorded);
      assert.equal(requestsTo(job.recipientPhone), 3);
    },
  );

  itBesideOthers('each find their own row when two have an unknown outcome', async () => {
    const job = fixture.job();
    const runs = [
      await start(job, { kind: 'http-500', recorded: true }, [5_000]),
      await start(job, { kind: 'http-500', recorded: true }, [5_000]),
    ];
    await expectOneEach(job, ...runs);
    assert.equal(requestsTo(job.recipientPhone), 2);
  });

  itBesideOthers('do not mistake another text to the same number for their own', async () => {
    const job = fixture.job();
    const other = { ...job, message: `${job.message} (2)` };
    const lost = await start(job, { kind: 'http-500', recorded: false });
    const accepted = await start(other);
    const twice = await start(other, { kind: 'http-500', recorded: true });
    await expectOneEach(job, lost, accepted, twice);
    assert.equal(await attemptsOf(lost.workflowId), 2);
  });
});
