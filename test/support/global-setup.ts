import { findTemporalCli } from '../../src/dev/temporal-cli.js';
import { isolateEnvironment } from '../../src/dev/isolated-environment.js';
import { cleanUpAtEnd } from './scratch.js';
import { findTestServer } from './time-skipping.js';

/**
 * No test may reach what the shell's environment points at. What takes minutes on a new machine is got here, as a hook of a
 * test would time out.
 */
export async function mochaGlobalSetup(): Promise<void> {
  isolateEnvironment();
  const say = (line: string) => process.stderr.write(`  ${line}\n`);
  await findTemporalCli(say);
  await findTestServer(say);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await cleanUpAtEnd.run();
}
