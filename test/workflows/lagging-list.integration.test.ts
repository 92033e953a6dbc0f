import assert from 'node:assert/strict';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

/** Just more than one check waits by itself, so that a row is claimed in a later one. */
const LISTING_LAG_MS = 5_200;

describe('a lagging list of runs', () => {
  let fixture: SendFixture;
  /** The run that Temporal does not list yet when another one asks for the first time. */
  let listedLate: string | undefined;
  /** How often each run has asked for the list, by its workflow id. */
  const asked = new Map<string, number>();
  before(async () => {
    const change = (ports: ActivityPorts): ActivityPorts => ({
      ...ports,
      runs: {
        ...ports.runs,
        listOwningRuns: async (query) => {
          const by = query.self?.workflowId ?? '';
          const times = (asked.get(by) ?? 0) + 1;
          asked.set(by, times);
          const runs = await ports.runs.listOwningRuns(query);
          return times > 1 ? runs : runs.filter(({ owner }) => owner.workflowId !== listedLate);
        },
      },
    });
    fixture = await createSendFixture({ change, listingLagMs: LISTING_LAG_MS });
  });
  after(() => fixture.close());

  const lose = (recipientPhone: string, recorded: boolean) => {
    fixture.simulator.addFaults({ kind: 'http-500', recorded, times: 1, number: recipientPhone });
  };
  /** How many checks of its log a run has made. */
  const looksOf = async (workflowId: string) =>
    activitiesIn(await fetchHistory(fixture.temporal, workflowId)).filter((name) => name === 'findSentSms')
      .length;

  it('gives no run the row of another run that is listed late', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    const accepted = await client.send(job);
    listedLate = accepted.workflowId;
    const { messageId } = await accepted.result();
    lose(job.recipientPhone, false);
    // The second check comes before the row may be claimed, and lists the runs again.
    const lost = await client.send({ ...job, options: { unknownChecksMs: [200, 1_500] } });
    const other = await lost.result();
    assert.notEqual(other.messageId, messageId);
    assert.ok((asked.get(lost.workflowId) ?? 0) > 1);
    const received = simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    assert.deepEqual(received.map(({ id }) => id).sort(), [messageId, other.messageId].sort());
  });

  it('only delays the end of the run that owns the row', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [200, 200 + LISTING_LAG_MS] } });
    lose(job.recipientPhone, true);
    const sent = await client.send(job);
    const { messageId } = await sent.result();
    const received = simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    assert.deepEqual(
      received.map(({ id }) => id),
      [messageId],
    );
    assert.equal(await looksOf(sent.workflowId), 2);
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, sent.workflowId)), 1);
  });
});
