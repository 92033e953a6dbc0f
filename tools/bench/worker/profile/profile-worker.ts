import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSmsClient } from '../../../../src/client.js';
import { createJobMaker } from '../../load/make-jobs.js';
import { sendMany } from '../../load/send-many.js';
import type { BenchParts, TemporalParts } from '../../parts.js';
import { sendToEnd } from '../../shapes/send-to-end.js';
import { startDurableWorker } from '../../shapes/durable-system.js';
import { readBundleModules } from './bundle-modules.js';
import { shareOut, type CpuProfile, type CpuShares } from './share-out.js';

/**
 * Where the CPU time of a loaded worker goes, in its JavaScript threads: V8's sampling profiler, by
 * whose code was running. The native threads of the SDK's core are not in it.
 */
export async function profileWorker(options: {
  parts: BenchParts;
  temporal: TemporalParts;
  sends: number;
  inFlight: number;
  onSend: (done: number) => void;
}): Promise<CpuShares> {
  const { parts, temporal, sends, inFlight, onSend } = options;
  const directory = await parts.makeDirectory('profiles');
  const taskQueue = 'profiled';
  const worker = await startDurableWorker({
    parts,
    temporal,
    taskQueue,
    isEncrypted: true,
    nodeOptions: ['--cpu-prof', '--cpu-prof-dir', directory],
  });
  const sms = createSmsClient({
    connection: { address: temporal.temporal.address },
    taskQueue,
    payloadKeys: parts.payloadKeys,
  });
  const nextJob = createJobMaker(parts.accountId, 'profiled');
  try {
    await sendMany({ sends, inFlight, nextJob, send: (job) => sendToEnd(sms, job), onSend });
  } finally {
    await sms.close();
    // Node writes the profiles as it ends.
    await worker.stop();
  }
  const files = (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile'));
  const profiles = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as CpuProfile),
  );
  const bundle = fileURLToPath(new URL('../../../../dist/workflow-bundle.js', import.meta.url));
  return shareOut(profiles, readBundleModules(await readFile(bundle, 'utf8')));
}
