import { randomBytes } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { createAccountsTable } from '../../src/dev/demo-account.js';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { startTemporalServer } from '../../src/dev/temporal-server.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { cleanUpAtEnd, makeDirectory, once, sharedGuard } from './scratch.js';

export const sharedPostgres = once(async () => {
  const postgres = await startEmbeddedPostgres({
    guard: await sharedGuard(),
    directory: await makeDirectory('postgres'),
  });
  cleanUpAtEnd.add(postgres.stop);
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
  cleanUpAtEnd.add(server.stop);
  return server;
});

/** The native connection that all workers of this process share. */
export const sharedNativeConnection = once(async () => {
  const { address } = await sharedTemporal();
  installQuietRuntime();
  const connection = await NativeConnection.connect({ address });
  cleanUpAtEnd.add(() => connection.close());
  return connection;
});
