import { startGuarded, type GuardedProcess } from '../../src/dev/guarded-process.js';
import { childEnvironment } from '../../src/dev/isolated-environment.js';
import { HopelessError, waitUntil } from '../../src/dev/wait-until.js';
import { startWorkerProcess } from '../../src/dev/worker-process.js';
import { temporalEnvironment } from './cli.js';
import { ROOT } from './run-node.js';
import type { SendFixture } from './send-fixture.js';
import { sharedGuard } from './scratch.js';

/** What a worker for this fixture needs, and nothing else. */
export async function workerEnvironment(
  fixture: SendFixture,
  further: Record<string, string> = {},
): Promise<Record<string, string>> {
  return {
    ...(await temporalEnvironment()),
    DATABASE_URL: fixture.databaseUrl,
    SMS_API_KEY_ENCRYPTION_KEY: fixture.encryptionKey,
    SMS_PAYLOAD_KEYS: fixture.payloadKeys,
    SMS_TASK_QUEUE: fixture.taskQueue,
    SMSMOBILEAPI_URL: fixture.simulator.url,
    ...further,
  };
}

/** A worker in a process of its own, with all that it wrote. */
export interface RunningWorker {
  readonly process: GuardedProcess;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts `src/worker.ts` and waits until it polls. */
export async function startWorker(environment: Record<string, string>): Promise<RunningWorker> {
  let output = '';
  const worker = await startWorkerProcess({
    guard: await sharedGuard(),
    environment,
    onOutput: (text) => (output += text),
  });
  return { ...worker, output: () => output };
}

/** Starts `dist/worker.js` under plain Node and waits until it polls. */
export async function startCompiledWorker(environment: Record<string, string>): Promise<RunningWorker> {
  let output = '';
  const worker = await startGuarded({
    guard: await sharedGuard(),
    command: process.execPath,
    args: ['dist/worker.js'],
    cwd: ROOT,
    env: childEnvironment(environment),
    onOutput: (text) => (output += text),
  });
  await waitUntil('the compiled worker to start', () => {
    if (worker.child.exitCode !== null) throw new HopelessError(`The worker ended at once:\n${output}`);
    return output.includes('"worker started"');
  });
  return { process: worker, output: () => output, stop: () => worker.stop('SIGTERM', 60_000) };
}
