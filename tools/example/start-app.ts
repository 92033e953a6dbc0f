import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import { startGuarded } from '../servers/guarded-process.js';
import { childEnvironment } from '../servers/isolated-environment.js';
import type { ProcessGuard } from '../servers/process-guard.js';
import { HopelessError, waitUntil } from '../servers/wait-until.js';
import { APP_FOLDER, NEXT_COMMAND, ROOT } from './app-folder.js';

/** A running example app. */
export interface ExampleApp {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** What it wrote last. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** The parts that the app uses. */
export interface AppParts {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly taskQueue: string;
  readonly payloadKeys: string;
  /** Two accounts, for the users of the demo. */
  readonly accountIds: readonly [string, string];
}

/** The demo holds a send of unknown outcome within seconds, and sees what its phone did. */
const CHECKS_MS = { unknown: '1500,4000', follow: '2000,5000,10000,20000,60000,600000,3600000' };

/** Makes the app's tables, with a few leads in them, and starts the app. */
export async function startApp(options: {
  guard: ProcessGuard;
  port: number;
  parts: AppParts;
  /** With `next dev`, which compiles each page when it is first asked for. */
  isDev?: boolean;
  onOutput?: (text: string) => void;
}): Promise<ExampleApp> {
  const { guard, port, parts, isDev = false } = options;
  const { databaseUrl: DATABASE_URL } = parts;
  await execa(
    process.execPath,
    ['--import', 'tsx', 'examples/web-app/scripts/prepare-database.ts', ...parts.accountIds],
    { cwd: ROOT, env: childEnvironment({ DATABASE_URL }), extendEnv: false },
  );
  const app = await startGuarded({
    guard,
    command: process.execPath,
    args: [NEXT_COMMAND, isDev ? 'dev' : 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    cwd: APP_FOLDER,
    env: childEnvironment({
      NEXT_TELEMETRY_DISABLED: '1',
      DATABASE_URL,
      SESSION_SECRET: randomBytes(32).toString('hex'),
      SMS_PAYLOAD_KEYS: parts.payloadKeys,
      SMS_TASK_QUEUE: parts.taskQueue,
      SMS_FOLLOW_CHECKS_MS: CHECKS_MS.follow,
      SMS_UNKNOWN_CHECKS_MS: CHECKS_MS.unknown,
      TEMPORAL_ADDRESS: parts.temporalAddress,
    }),
    ...omitUndefined({ onOutput: options.onOutput }),
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntil(
      'the app to answer',
      async () => {
        if (app.child.exitCode !== null) throw new HopelessError(`The app ended:\n${app.output()}`);
        return (await fetch(`${url}/sign-in`)).ok;
      },
      { timeoutMs: 120_000 },
    );
  } catch (error) {
    await app.stop();
    throw error;
  }
  return { url, output: app.output, stop: () => app.stop() };
}
