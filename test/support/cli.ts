import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { ensureBuilt } from './built-package.js';
import { runSms } from './cli-io.js';
import { ROOT, runNode, type Ended } from './run-node.js';
import type { SendFixture } from './send-fixture.js';
import { makeDirectory } from './scratch.js';
import { sharedTemporal } from './shared-parts.js';

/** `sms …` with this environment. */
export type Sms = (
  args: readonly string[],
  options?: { input?: string; env?: Record<string, string> },
) => Promise<Ended>;

/** Who works with a fixture. */
type Colleague = Pick<SendFixture, 'payloadKeys' | 'taskQueue'>;

async function environmentFor({ payloadKeys, taskQueue }: Colleague): Promise<Record<string, string>> {
  return { ...(await temporalEnvironment()), SMS_PAYLOAD_KEYS: payloadKeys, SMS_TASK_QUEUE: taskQueue };
}

/**
 * `sms` within the test, in the environment of someone who works with this fixture; `env` adds to
 * it or replaces.
 */
export async function smsFor(fixture: Colleague, further: Record<string, string> = {}): Promise<Sms> {
  const environment = { ...(await environmentFor(fixture)), ...further };
  return (args, { input = '', env } = {}) => runSms(args, { env: { ...environment, ...env }, input });
}

/** `sms` as it is installed: a process of its own, from `dist`, with exactly this environment. */
export async function runSmsProcess(
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  await ensureBuilt();
  return runNode(['dist/cli.js', ...args], options);
}

/**
 * The same process in a fixture's environment while it runs; for tests that read, or stop reading,
 * along the way.
 */
export async function spawnSms(
  fixture: Colleague,
  args: readonly string[],
): Promise<ChildProcessWithoutNullStreams> {
  await ensureBuilt();
  return spawn(process.execPath, ['dist/cli.js', ...args], {
    cwd: ROOT,
    env: childEnvironment(await environmentFor(fixture)),
  });
}

/**
 * The variables that lead to the shared Temporal server, whatever profile the home directory holds.
 */
export async function temporalEnvironment(): Promise<Record<string, string>> {
  const { address, namespace } = await sharedTemporal();
  return {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_CONFIG_FILE: `${await makeDirectory('profile')}/none.toml`,
  };
}
