import { findTemporalCli } from '../../tools/servers/temporal-cli.js';
import { isolateEnvironment } from '../../tools/servers/isolated-environment.js';
import { cleanUpAtEnd } from './scratch.js';
import { FOR_TESTS, runnerServers } from './runner-servers.js';
import { findTestServer } from './time-skipping.js';

// In every process of a parallel run: no test may reach what the shell's environment points at.
isolateEnvironment(FOR_TESTS);

/**
 * Gets what takes minutes on a new machine, as a test's hook would time out; the runner has done it
 * already.
 */
export async function mochaGlobalSetup(): Promise<void> {
  if (runnerServers() !== undefined) return;
  const say = (line: string) => process.stderr.write(`  ${line}\n`);
  await findTemporalCli(say);
  await findTestServer(say);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await cleanUpAtEnd.run();
}
