import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { createDatabase, startEmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { CONVERTER_PATHS } from '../../src/encryption/data-converter.js';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { startTemporalServer } from '../../tools/servers/temporal-server.js';
import { preloadedModules, workflowSource, workflowsPath } from '../../src/worker/workflow-source.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { runnerServers } from './runner-servers.js';
import { cleanUpAtEnd, makeDirectory, once, sharedGuard } from './scratch.js';

/** A database that all others are copied from: PostgreSQL copies faster than it makes tables. */
const TEMPLATE = 'web_app_template';

/** A PostgreSQL server for many databases; `url` without a database's name. */
export async function startTestPostgres(
  options: Pick<Parameters<typeof startEmbeddedPostgres>[0], 'guard' | 'directory'>,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const postgres = await startEmbeddedPostgres({
    ...options,
    settings: { max_connections: '500', fsync: 'off' },
  });
  await createWebAppTables(await postgres.createDatabase(TEMPLATE));
  return { url: postgres.url(''), stop: postgres.stop };
}

const sharedPostgresUrl = once(async () => {
  const shared = runnerServers()?.postgresUrl;
  if (shared !== undefined) return shared;
  const postgres = await startTestPostgres({
    guard: await sharedGuard(),
    directory: await makeDirectory('postgres'),
  });
  cleanUpAtEnd.add(postgres.stop);
  return postgres.url;
});

/** A throwaway database with the web app's `accounts` table; one for each test file. */
export async function createWebAppDatabase(): Promise<string> {
  const server = await sharedPostgresUrl();
  const name = `web_app_${randomBytes(6).toString('hex')}`;
  await createDatabase(`${server}postgres`, name, TEMPLATE);
  return `${server}${name}`;
}

/** The Temporal server of all test files. */
export const sharedTemporal = once(async () => {
  const shared = runnerServers()?.temporal;
  if (shared !== undefined) return shared;
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

/**
 * The workflow code of `src/`, bundled as a worker would do it at its start: once for all workers
 * of the tests.
 */
export const sharedWorkflowBundle = once<WorkflowBundleWithSourceMap>(async () => {
  const path = runnerServers()?.workflowBundlePath;
  return path === undefined ? await bundleWorkflows() : { code: await readFile(path, 'utf8'), sourceMap: '' };
});

/** Bundles the workflow code of `src/`, with its source map. */
export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return await bundleWorkflowCode({
    workflowsPath: workflowsPath(),
    preloadModules: preloadedModules(),
    workflowInterceptorModules: workflowSource().interceptors?.workflowModules ?? [],
    ...CONVERTER_PATHS,
    logger: new DefaultLogger('WARN'),
  });
}
