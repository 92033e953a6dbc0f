import { cleanUpOnSignals, createCleanUp } from '../servers/clean-up.js';
import { isolateEnvironment } from '../servers/isolated-environment.js';
import { readBenchOptions, type BenchOptions, type Measurement } from './bench-options.js';
import type { BenchParts } from './parts.js';

/**
 * `npm run bench`: speed and cost, measured on parts of its own. What measures is loaded when it is
 * known what is wanted.
 */
const MEASUREMENTS: Readonly<
  Record<Measurement, () => Promise<(parts: BenchParts, options: BenchOptions) => Promise<void>>>
> = {
  compare: async () => (await import('./compare/compare.js')).compare,
  worker: async () => (await import('./worker/worker.js')).worker,
  backlog: async () => (await import('./backlog/backlog.js')).backlog,
  settings: async () => (await import('./settings/settings.js')).settings,
  moments: async () => (await import('./moments/moments.js')).moments,
};

isolateEnvironment();
const options = readBenchOptions();
const say = (line: string) => {
  console.log(`  ${line}`);
};
const cleanUp = createCleanUp((error) => {
  console.error(`  clean-up: ${String(error)}`);
});
cleanUpOnSignals(cleanUp);

try {
  console.log('Starting the services');
  const measure = await MEASUREMENTS[options.measurement]();
  const { startBenchParts } = await import('./parts.js');
  await measure(await startBenchParts({ cleanUp, say }), options);
} catch (error) {
  if (!cleanUp.hasBegun()) {
    console.error(`\nThe measurement failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} finally {
  await cleanUp.run();
}
