import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { createSmsClient } from '../../../src/client.js';
import { createJobMaker } from '../load/make-jobs.js';
import type { BenchParts, TemporalParts } from '../parts.js';
import { median } from '../report/median.js';
import { startDurableWorker } from '../shapes/durable-system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * From the start of a worker's process to the first task that it was handed, in milliseconds, one
 * figure for each round.
 */
export interface StartTimes {
  readonly bundledAhead: readonly number[];
  readonly bundledAtStart: readonly number[];
  /** The median of the rounds' own ratios, ahead to at start. */
  readonly ratio: number | undefined;
}

/**
 * Starts workers in turn, with the bundle of the build and without it; a send waits for each of
 * them.
 */
export async function measureStart(options: {
  parts: BenchParts;
  temporal: TemporalParts;
  client: Client;
  rounds: number;
  onRound: (done: number) => void;
}): Promise<StartTimes> {
  const { parts, temporal, client, rounds, onRound } = options;
  const unbundled = await copyWithoutBundle(parts);
  const bundledAhead: number[] = [];
  const bundledAtStart: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = (taskQueue: string, script?: string) =>
      measureOne({ parts, temporal, client, taskQueue, script });
    bundledAhead.push(await start(`start-ahead-${round}`));
    bundledAtStart.push(await start(`start-at-start-${round}`, unbundled));
    onRound(round + 1);
  }
  const ratio = median(bundledAhead.map((ms, round) => ms / (bundledAtStart[round] ?? Number.NaN)));
  return { bundledAhead, bundledAtStart, ratio };
}

async function measureOne(options: {
  parts: BenchParts;
  temporal: TemporalParts;
  client: Client;
  taskQueue: string;
  script: string | undefined;
}): Promise<number> {
  const { parts, temporal, client, taskQueue, script } = options;
  const sms = createSmsClient({
    connection: { address: temporal.temporal.address },
    taskQueue,
    payloadKeys: parts.payloadKeys,
  });
  try {
    const { key, ...job } = createJobMaker(parts.accountId, taskQueue)();
    const sent = await sms.send(job, { idempotencyKey: key });
    const startedAtMs = Date.now();
    const worker = await startDurableWorker({ parts, temporal, taskQueue, isEncrypted: true, script });
    await sent.result();
    await worker.stop();
    const { events } = await client.workflow.getHandle(sent.workflowId).fetchHistory();
    const first = events?.find(({ workflowTaskStartedEventAttributes: started }) => started != null);
    return tsToMs(first?.eventTime) - startedAtMs;
  } finally {
    await sms.close();
  }
}

/**
 * The compiled worker without the bundle beside it: it then bundles at start. Below the project, so
 * that it finds its packages.
 */
async function copyWithoutBundle({ cleanUp }: BenchParts): Promise<string> {
  const parent = join(ROOT, 'node_modules', '.cache');
  const copy = join(parent, `durable-sms-bench-${process.pid}`);
  await mkdir(parent, { recursive: true });
  cleanUp.add(() => rm(copy, { recursive: true, force: true }));
  await cp(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
  await rm(join(copy, 'dist', 'workflow-bundle.js'));
  return join(copy, 'dist', 'worker.js');
}
