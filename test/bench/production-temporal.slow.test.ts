import assert from 'node:assert/strict';
import type { Client } from '@temporalio/client';
import { placesOf, readEnds, waitUntilDrained } from '../../tools/bench/backlog/drain-backlog.js';
import { fillBacklog } from '../../tools/bench/backlog/fill-backlog.js';
import { createJobMaker } from '../../tools/bench/load/make-jobs.js';
import { openClient } from '../../tools/bench/open-client.js';
import {
  startBenchParts,
  startTemporalParts,
  type BenchParts,
  type TemporalParts,
} from '../../tools/bench/parts.js';
import { startDurable, startDurableWorker } from '../../tools/bench/shapes/durable-system.js';
import { createSmsClient } from '../../src/client.js';
import { createCleanUp } from '../../tools/servers/clean-up.js';
import { TEMPORAL_SERVER_VERSIONS } from '../../tools/servers/production-temporal/find-server.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { ensureBuilt } from '../support/built-package.js';
import { needTemporalServer } from '../support/temporal-server-version.js';

/**
 * Several times what a worker has in hand at once: in what order those end says nothing about whose
 * turn it was.
 */
const LARGE_SENDS = 900;
const SMALL_SENDS = 5;
const quiet = () => undefined;

describe('the production-like Temporal', function () {
  this.timeout('10 minutes');
  const cleanUp = createCleanUp((error) => {
    process.stderr.write(`clean-up: ${String(error)}\n`);
  });
  let parts: BenchParts;
  let temporal: TemporalParts;
  let client: Client;
  before(async function () {
    // The runner has built the server; a mocha that was started by hand builds it here: minutes.
    this.timeout('40 minutes');
    await needTemporalServer(this, TEMPORAL_SERVER_VERSIONS.usual);
    await ensureBuilt();
    parts = await startBenchParts({ cleanUp, say: quiet });
    temporal = await startTemporalParts(parts);
    client = await openClient(parts, temporal.temporal.address);
  });
  after(() => cleanUp.run());

  it('bills 3 actions for a send of ours, of 13 events', async () => {
    const durable = await startDurable({ parts, temporal, client });
    const job = createJobMaker(parts.accountId, 'cost')();
    await durable.send(job);
    const cost = await durable.costOf?.(job);
    assert.deepEqual([cost?.events, cost?.billableActions], [13, 3]);
    assert.ok(cost !== undefined && cost.bytes > 1_000);
    const pids = [...durable.workerPids(), ...durable.serverPids()];
    assert.equal(new Set(pids).size, 3);
    for (const pid of pids) assert.ok(process.kill(pid, 0));
  });

  it('bills 4 actions for a marketing send, of 19 events', async () => {
    const durable = await startDurable({ parts, temporal, client, shape: 'durableMarketing' });
    const job = createJobMaker(parts.accountId, 'cost-of-marketing')();
    await durable.send(job);
    const cost = await durable.costOf?.(job);
    assert.deepEqual([cost?.events, cost?.billableActions], [19, 4]);
  });

  it('keeps a small account from waiting for the backlog of a large one', async () => {
    const taskQueue = 'fairness';
    const total = LARGE_SENDS + SMALL_SENDS;
    const { payloadKeys } = parts;
    const connection = { address: temporal.temporal.address };
    const sms = createSmsClient({ connection, taskQueue, payloadKeys });
    cleanUp.add(sms.close);
    const starts: number[] = [];
    const small = await fillBacklog({
      sms,
      prefix: taskQueue,
      large: { accountId: parts.accountId, sends: LARGE_SENDS },
      small: { accountId: await parts.addAccount(), sends: SMALL_SENDS },
      onStart: (started) => starts.push(started),
    });
    assert.deepEqual([small.size, starts.length, starts.at(-1)], [SMALL_SENDS, total, total]);

    await startDurableWorker({ parts, temporal, taskQueue, isEncrypted: true });
    // Temporal counts runs some moments after it has started them, and lists an end some moments
    // after it.
    await waitUntilDrained(client, taskQueue, quiet);
    const ends = await waitUntil('all ends to be listed', async () => {
      const read = await readEnds(client, taskQueue);
      return read.order.length === total && Number.isFinite(read.lastEndMs) ? read : undefined;
    });
    assert.equal(ends.notCompleted, 0);
    const places = placesOf(small, ends.order);
    assert.equal(places.sends, SMALL_SENDS);
    assert.ok(
      places.last <= total / 2,
      `the small account ended at ${places.first} to ${places.last} of ${total}`,
    );
  });
});
