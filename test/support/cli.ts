import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { childEnvironment } from '../../src/dev/isolated-environment.js';
import type { SendFixture } from './send-fixture.js';
import { makeDirectory, sharedTemporal } from './shared-parts.js';

/** How a process ended and what it wrote. */
export interface Ended {
  /** Undefined if it had to be killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Longer than anything that ends by itself takes on a slow machine: what is still running then hangs. */
const HANGS_AFTER_MS = 90_000;

/** Runs Node with exactly these variables and waits for its end. */
export async function runNode(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; cwd?: string; timeoutMs?: number } = {},
): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    env: childEnvironment(options.env),
    extendEnv: false,
    cwd: options.cwd ?? ROOT,
    input: options.input ?? '',
    reject: false,
    timeout: options.timeoutMs ?? HANGS_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  return { exitCode, stdout, stderr };
}

/** Runs a program of the sources, such as `cli.ts`, as a process of its own. */
export function runSource(
  script: string,
  args: readonly string[] = [],
  options: Parameters<typeof runNode>[1] = {},
): Promise<Ended> {
  return runNode(['--import', 'tsx', `src/${script}`, ...args], options);
}

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

/** `sms` in the environment of someone who works with this fixture; `env` adds to it or replaces. */
export async function smsFor(fixture: Colleague, further: Record<string, string> = {}): Promise<Sms> {
  const environment = { ...(await environmentFor(fixture)), ...further };
  return (args, { input, env } = {}) =>
    runSource('cli.ts', args, {
      env: { ...environment, ...env },
      ...(input === undefined ? {} : { input }),
    });
}

/** `sms` while it runs, in the same environment; for tests that read, or stop reading, along the way. */
export async function spawnSms(
  fixture: Colleague,
  args: readonly string[],
): Promise<ChildProcessWithoutNullStreams> {
  return spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    cwd: ROOT,
    env: childEnvironment(await environmentFor(fixture)),
  });
}

/** The variables that lead to the shared Temporal server, whatever profile the home directory holds. */
export async function temporalEnvironment(): Promise<Record<string, string>> {
  const { address, namespace } = await sharedTemporal();
  return {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_CONFIG_FILE: `${await makeDirectory('profile')}/none.toml`,
  };
}
