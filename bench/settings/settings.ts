import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSmsClient } from '../../src/client.js';
import { WORKER_TUNING } from '../../src/worker/tuning.js';
import type { BenchOptions } from '../bench-options.js';
import { startComparison } from '../compare/run-comparison.js';
import { readMachine } from '../measure/read-machine.js';
import { startTemporalParts, type BenchParts } from '../parts.js';
import { showBar } from '../progress-bar.js';
import { startBenchWorker } from '../shapes/shape-system.js';
import type { BenchSystem } from '../system.js';
import { compareWithShipped, renderSettings } from './render-settings.js';
import { AS_BUILT, VARIANTS, type Variant } from './variants.js';

/** What each setting is worth: ours as it is shipped, and with one setting changed, in one run and in turns. */
export async function settings(parts: BenchParts, options: BenchOptions): Promise<void> {
  const temporal = await startTemporalParts(parts);
  const ending = new AbortController();
  const { address, namespace } = temporal.temporal;

  async function start(name: string, { label, tuning, compression = 'gzip' }: Variant): Promise<BenchSystem> {
    const taskQueue = `settings-${name}`;
    const worker = await startBenchWorker(parts, {
      ...{ address, namespace, taskQueue, compression },
      tuning: { ...AS_BUILT, ...WORKER_TUNING, ...tuning },
      runs: { kind: 'durable', payloadKeys: parts.payloadKeys, activities: parts },
    });
    const sms = createSmsClient({ connection: { address }, taskQueue, payloadKeys: parts.payloadKeys });
    parts.cleanUp.add(sms.close);
    return {
      ...{ name, label },
      async send({ key, ...job }) {
        await (await sms.send(job, { idempotencyKey: key })).result();
      },
      workerPids: () => [worker.process.pid],
      serverPids: () => [temporal.temporal.pid(), temporal.postgres.pid()],
    };
  }

  const systems: BenchSystem[] = [];
  for (const [name, variant] of Object.entries(VARIANTS)) systems.push(await start(name, variant));
  const bar = showBar();
  const comparison = startComparison({
    plan: {
      systems,
      loads: [1, 20],
      rounds: options.rounds ?? (options.quick ? 1 : 3),
      windowMs: options.quick ? 2_500 : 5_000,
    },
    accountId: parts.accountId,
    machine: await readMachine(parts.databaseUrl),
    signal: ending.signal,
    onWindow({ done, of, label, inFlight }) {
      bar.show(done, of, `${label}, ${inFlight} in flight`);
    },
  });
  const state = { isReported: false };
  const report = async () => {
    if (state.isReported) return;
    state.isReported = true;
    bar.stop();
    const results = comparison.results();
    console.log(`\n${renderSettings(compareWithShipped(results))}`);
    await mkdir(options.out, { recursive: true });
    const file = join(options.out, 'settings.json');
    await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
    console.log(`\nFigures: ${file}`);
  };
  parts.cleanUp.add(async () => {
    ending.abort();
    await comparison.done.catch(() => undefined);
    await report();
  });
  await comparison.done;
  await report();
}
