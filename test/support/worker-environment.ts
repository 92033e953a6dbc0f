import { join } from 'node:path';
import type { GuardedProcess } from '../../tools/servers/guarded-process.js';
import { DEV_WORKER_ARGUMENTS, startWorkerProcess } from '../../tools/servers/worker-process.js';
import { ensureBuilt } from './built-package.js';
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

/** Starts the compiled worker, as in production, and waits until it polls. */
export async function startWorker(environment: Record<string, string>): Promise<RunningWorker> {
  await ensureBuilt();
  return await startWorkerWith([join(ROOT, 'dist', 'worker.js')], environment);
}

/** Starts `src/worker.ts`, as demo and dev do, and waits until it polls. */
export function startSourcesWorker(environment: Record<string, string>): Promise<RunningWorker> {
  return startWorkerWith(['--import', 'tsx', join(ROOT, 'src', 'worker.ts')], environment);
}

async function startWorkerWith(
  nodeArguments: readonly string[],
  environment: Record<string, string>,
): Promise<RunningWorker> {
  let output = '';
  const worker = await startWorkerProcess({
    guard: await sharedGuard(),
    environment,
    nodeArguments: [...nodeArguments, ...DEV_WORKER_ARGUMENTS],
    onOutput: (text) => (output += text),
  });
  return { ...worker, output: () => output };
}
