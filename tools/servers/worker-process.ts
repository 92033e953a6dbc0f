import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { childEnvironment } from './isolated-environment.js';
import type { ProcessGuard } from './process-guard.js';
import { HopelessError, waitUntil } from './wait-until.js';

/** A worker in a process of its own, as in production; from the sources unless said otherwise. */
export interface WorkerProcess {
  readonly process: GuardedProcess;
  /** SIGTERM, then the wait for what is in flight. */
  readonly stop: () => Promise<void>;
}

/** Temporal's development server lists a run within moments, so a row may be claimed after 3 s. */
export const DEV_WORKER_ARGUMENTS: readonly string[] = [
  '--listing-lag-ms',
  '3000',
  '--deliveries-every-ms',
  '2000',
];

/** Longer than a worker may take to let a request finish. */
const DRAIN_MS = 60_000;

/**
 * Starts a worker with exactly this environment and waits until it polls; one that does not is
 * ended.
 */
export async function startWorkerProcess(options: {
  guard: ProcessGuard;
  environment: Record<string, string>;
  /**
   * What Node runs, if not the worker of the sources: its options and the script, which prints
   * "worker started".
   */
  nodeArguments?: readonly string[];
  onOutput?: (text: string) => void;
}): Promise<WorkerProcess> {
  const script = fileURLToPath(new URL(`../../src/worker${extname(import.meta.url)}`, import.meta.url));
  const worker = await startGuarded({
    guard: options.guard,
    command: process.execPath,
    args: options.nodeArguments ?? [...process.execArgv, script, ...DEV_WORKER_ARGUMENTS],
    env: childEnvironment(options.environment),
    ...omitUndefined({ onOutput: options.onOutput }),
  });
  try {
    await waitUntil('the worker to start', () => {
      const { exitCode, signalCode } = worker.child;
      if (exitCode !== null || signalCode !== null)
        throw new HopelessError(`The worker exited immediately:\n${worker.output()}`);
      return worker.output().includes('"worker started"');
    });
  } catch (error) {
    await worker.stop('SIGKILL');
    throw error;
  }
  return { process: worker, stop: () => worker.stop('SIGTERM', DRAIN_MS) };
}
