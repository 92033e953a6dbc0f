import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { createCleanUp } from '../../src/dev/clean-up.js';
import { createAccountsTable } from '../../src/dev/demo-account.js';
import { createDataDirectory } from '../../src/dev/dev-directories.js';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { createProcessGuard } from '../../src/dev/process-guard.js';
import { startTemporalServer } from '../../src/dev/temporal-server.js';
import { installQuietRuntime } from './quiet-runtime.js';

/** The servers that all test files share, each started when it is first needed and stopped at the very end. */
const cleanUp = createCleanUp((error) => {
  process.stderr.write(`clean-up: ${String(error)}\n`);
});

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

export const sharedGuard = once(() => {
  const guard = createProcessGuard();
  cleanUp.add(guard.close);
  return Promise.resolve(guard);
});

/** A directory for servers' data, removed at the end. */
export const sharedDirectory = once(async () => {
  const guard = await sharedGuard();
  const directory = await createDataDirectory();
  guard.removeDirectory(directory);
  cleanUp.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  await chmod(directory, 0o711);
  return directory;
});

/** A new directory of that name under the shared one. */
export async function makeDirectory(name: string): Promise<string> {
  const path = join(await sharedDirectory(), `${name}-${randomBytes(4).toString('hex')}`);
  await mkdir(path);
  return path;
}

export const sharedPostgres = once(async () => {
  const postgres = await startEmbeddedPostgres({
    guard: await sharedGuard(),
    directory: await makeDirectory('postgres'),
  });
  cleanUp.add(postgres.stop);
  return postgres;
});

/** A throwaway database with the web app's `accounts` table; one for each test file. */
export async function createWebAppDatabase(): Promise<string> {
  const postgres = await sharedPostgres();
  const url = await postgres.createDatabase(`web_app_${randomBytes(6).toString('hex')}`);
  await createAccountsTable(url);
  return url;
}

export const sharedTemporal = once(async () => {
  const server = await startTemporalServer({
    guard: await sharedGuard(),
    say: (line) => process.stderr.write(`  ${line}\n`),
  });
  cleanUp.add(server.stop);
  return server;
});

/** The native connection that all workers of this process share. */
export const sharedNativeConnection = once(async () => {
  const { address } = await sharedTemporal();
  installQuietRuntime();
  const connection = await NativeConnection.connect({ address });
  cleanUp.add(() => connection.close());
  return connection;
});

/** Stops every server that was started. */
export function closeSharedParts(): Promise<void> {
  return cleanUp.run();
}
