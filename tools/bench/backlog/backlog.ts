import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSmsClient } from '../../../src/client.js';
import { waitUntil } from '../../servers/wait-until.js';
import type { BenchOptions } from '../bench-options.js';
import { readMachine } from '../measure/read-machine.js';
import { readPostgresUsage, usagePerSend } from '../measure/read-postgres.js';
import { readProcessUsage } from '../measure/process-usage.js';
import { openClient } from '../open-client.js';
import { startTemporalParts, type BenchParts } from '../parts.js';
import { reportOnce } from '../report-once.js';
import { showBar } from '../progress-bar.js';
import { startDurableWorker } from '../shapes/durable-system.js';
import { placesOf, readEnds, waitUntilDrained, type Drain } from './drain-backlog.js';
import { fillBacklog } from './fill-backlog.js';
import { renderBacklog } from './render-backlog.js';

const SENDS = { quick: 300, usual: 5_000, long: 20_000 };
const SMALL_ACCOUNT_SENDS = 10;

/** Backlogs that grew while no worker ran, drained by one worker and by two. */
export async function backlog(parts: BenchParts, options: BenchOptions): Promise<void> {
  const temporal = await startTemporalParts(parts);
  const client = await openClient(parts, temporal.temporal.address);
  const sends = options.quick ? SENDS.quick : options.long ? SENDS.long : SENDS.usual;
  const accounts = { large: parts.accountId, small: await parts.addAccount() };
  const machine = await readMachine(parts.databaseUrl);
  const drains: Drain[] = [];
  const report = reportOnce(parts.cleanUp, async () => {
    if (drains.length === 0) return;
    console.log(`\n${renderBacklog(drains)}`);
    await mkdir(options.out, { recursive: true });
    const file = join(options.out, 'backlog.json');
    await writeFile(file, `${JSON.stringify({ machine, drains }, undefined, 2)}\n`);
    console.log(`\nFigures: ${file}`);
  });

  for (const workers of [1, 2]) {
    const bar = showBar();
    drains.push(await drain(workers, bar));
    bar.stop();
  }
  await report();

  async function drain(workerCount: number, bar: ReturnType<typeof showBar>): Promise<Drain> {
    const taskQueue = `backlog-${workerCount}`;
    const total = sends + SMALL_ACCOUNT_SENDS;
    const { payloadKeys } = parts;
    const sms = createSmsClient({
      connection: { address: temporal.temporal.address },
      taskQueue,
      payloadKeys,
    });
    parts.cleanUp.add(sms.close);
    const before = await countMessages(parts.providerUrl);
    const unused = await readPostgresUsage(temporal.postgres);
    const small = await fillBacklog({
      sms,
      prefix: taskQueue,
      large: { accountId: accounts.large, sends },
      small: { accountId: accounts.small, sends: SMALL_ACCOUNT_SENDS },
      onStart(started) {
        bar.show(started, total, `started, no worker yet`);
      },
    });
    const startedAtMs = Date.now();
    const workers = await Promise.all(
      Array.from({ length: workerCount }, (_, index) =>
        startDurableWorker({
          parts,
          temporal,
          taskQueue,
          isEncrypted: true,
          name: `${taskQueue}-${index}`,
        }),
      ),
    );
    await waitUntilDrained(client, taskQueue, (open) => {
      bar.show(total - open, total, `sent by ${workerCount === 1 ? 'one worker' : 'two workers'}`);
    });
    // Temporal lists an end some moments later than it counts it.
    const { order, lastEndMs, notCompleted } = await waitUntil('all ends to be listed', async () => {
      const ends = await readEnds(client, taskQueue);
      return ends.order.length === total && Number.isFinite(ends.lastEndMs) ? ends : undefined;
    });
    const received = await waitUntil('the phones to receive the last message', async () => {
      const count = (await countMessages(parts.providerUrl)) - before;
      return count >= total ? count : undefined;
    });
    const used = await readPostgresUsage(temporal.postgres);
    const peakRssBytes = workers.map(
      ({ process: { pid } }) => readProcessUsage([pid])?.peakRssBytes ?? Number.NaN,
    );
    await Promise.all(workers.map((worker) => worker.stop()));
    const tookMs = lastEndMs - startedAtMs;
    return {
      sends: total,
      workers: workerCount,
      tookMs,
      notCompleted,
      peakRssBytes,
      sendsPerSecond: (total / tookMs) * 1000,
      smallAccountPlaces: placesOf(small, order),
      surplusMessages: received - total,
      postgresPerSend: usagePerSend(unused, used, total),
    };
  }
}

/** What the simulator's phones have received so far. */
async function countMessages(providerUrl: string): Promise<number> {
  const response = await fetch(`${providerUrl}/_control/state`);
  const { messageCount } = (await response.json()) as { messageCount: number };
  return messageCount;
}
