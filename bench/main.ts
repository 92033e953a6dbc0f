import { cleanUpOnSignals, createCleanUp } from '../src/dev/clean-up.js';
import { isolateEnvironment } from '../src/dev/isolated-environment.js';
import { readBenchOptions, type BenchOptions, type Measurement } from './bench-options.js';
import { backlog } from './backlog/backlog.js';
import { compare } from './compare/compare.js';
import { startBenchParts, type BenchParts } from './parts.js';
import { settings } from './settings/settings.js';
import { worker } from './worker/worker.js';

/** `npm run bench`: speed and cost, measured on parts of its own. */
const MEASUREMENTS: Readonly<
  Record<Measurement, (parts: BenchParts, options: BenchOptions) => Promise<void>>
> = { compare, worker, backlog, settings };

isolateEnvironment();
const options = readBenchOptions();
const say = (line: string) => {
  console.log(`  ${line}`);
};
const cleanUp = createCleanUp((error) => {
  console.error(`  clean-up: ${String(error)}`);
});
const state = { isEnding: false };
cleanUpOnSignals(cleanUp);

try {
  console.log('Starting the parts');
  const parts = await startBenchParts({ cleanUp, say });
  cleanUp.add(() => {
    state.isEnding = true;
  });
  await MEASUREMENTS[options.measurement](parts, options);
} catch (error) {
  if (!state.isEnding) {
    console.error(`\nThe measurement broke: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} finally {
  await cleanUp.run();
}
