import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSmsClient } from '../../../src/client.js';
import type { BenchOptions } from '../bench-options.js';
import { measureAndReport } from '../compare/measure-and-report.js';
import { warmUpSendsFor } from '../compare/warm-up.js';
import { startTemporalParts, type BenchParts } from '../parts.js';
import { sendToEnd } from '../shapes/send-to-end.js';
import { startBenchWorker } from '../shapes/shape-system.js';
import { toActivityOptions } from '../shapes/worker-options.js';
import type { BenchSystem } from '../system.js';
import { compareWithShipped, renderSettings } from './render-settings.js';
import { AS_BUILT, VARIANTS, type Variant } from './variants.js';

/**
 * What each setting is worth: ours as it is shipped, and with one setting changed, in one run and
 * in turns.
 */
export async function settings(parts: BenchParts, options: BenchOptions): Promise<void> {
  const temporal = await startTemporalParts(parts);
  const { address, namespace } = temporal.temporal;

  async function start(name: string, { label, tuning, compression = 'gzip' }: Variant): Promise<BenchSystem> {
    const taskQueue = `settings-${name}`;
    const worker = await startBenchWorker(parts, {
      address,
      namespace,
      taskQueue,
      compression,
      tuning: { ...AS_BUILT, ...tuning },
      runs: { kind: 'durable', payloadKeys: parts.payloadKeys, activities: toActivityOptions(parts) },
    });
    const sms = createSmsClient({ connection: { address }, taskQueue, payloadKeys: parts.payloadKeys });
    parts.cleanUp.add(sms.close);
    return {
      name,
      label,
      send: (job) => sendToEnd(sms, job),
      workerPids: () => [worker.process.pid],
      serverPids: temporal.pids,
    };
  }

  const systems: BenchSystem[] = [];
  for (const [name, variant] of Object.entries(VARIANTS)) systems.push(await start(name, variant));
  await measureAndReport(
    parts,
    {
      systems,
      loads: [1, 20],
      rounds: options.rounds ?? (options.quick ? 1 : 3),
      windowMs: options.quick ? 2_500 : 5_000,
      warmUpSends: warmUpSendsFor(options),
    },
    async (results) => {
      console.log(`\n${renderSettings(compareWithShipped(results))}`);
      await mkdir(options.out, { recursive: true });
      const file = join(options.out, 'settings.json');
      await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
      console.log(`\nFigures: ${file}`);
    },
  );
}
