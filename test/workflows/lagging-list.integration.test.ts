import assert from 'node:assert/strict';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { sendAttemptsIn, fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

/** More than one check waits by itself. */
const LISTING_LAG_MS = 7_000;

describe('a list of runs that lags', () => {
  let fixture: SendFixture;
  /** The run that Temporal does not list yet. */
  let unlisted: string | undefined;
  before(async () => {
    const change = (ports: ActivityPorts): ActivityPorts => ({
      ...ports,
      runs: {
        ...ports.runs,
        listOwningRuns: async (query) => {
          const runs = await ports.runs.listOwningRuns(query);
          return runs.filter(({ owner }) => owner.workflowId !== unlisted);
        },
      },
    });
    fixture = await createSendFixture({ change, listingLagMs: LISTING_LAG_MS });
  });
  after(() => fixture.close());

  const lose = (recipientPhone: string, recorded: boolean) => {
    fixture.simulator.addFaults({ kind: 'http-500', recorded, times: 1, number: recipientPhone });
  };
  const hasRead = async (workflowId: string) => {
    const { events = [] } = await fetchHistory(fixture.temporal, workflowId);
    const looks = (events ?? []).filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'findSentSms',
    );
    const lookIds = new Set(looks.map(({ eventId }) => String(eventId)));
    return events?.some(({ activityTaskCompletedEventAttributes: completed }) =>
      lookIds.has(String(completed?.scheduledEventId)),
    );
  };

  it('gives no run the row of another one that is listed late', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    const options = { unknownChecksMs: [2_000, 2_000 + 2 * LISTING_LAG_MS] };
    const accepted = await client.send(job);
    unlisted = accepted.workflowId;
    const { messageId } = await accepted.result();
    lose(job.recipientPhone, false);
    const lost = await client.send({ ...job, options });
    await waitUntil('the first look', () => hasRead(lost.workflowId));
    unlisted = undefined;
    const other = await lost.result();
    assert.notEqual(other.messageId, messageId);
    const received = simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    assert.deepEqual(received.map(({ id }) => id).sort(), [messageId, other.messageId].sort());
  });

  it('only delays the end of a run whose row it is', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [1_000, 1_000 + LISTING_LAG_MS] } });
    lose(job.recipientPhone, true);
    const sent = await client.send(job);
    const { messageId } = await sent.result();
    const received = simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    assert.deepEqual(
      received.map(({ id }) => id),
      [messageId],
    );
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, sent.workflowId)), 1);
  });
});
