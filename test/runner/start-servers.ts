import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  findTemporalServer,
  TEMPORAL_SERVER_VERSIONS,
} from '../../tools/servers/production-temporal/find-server.js';
import { startTemporalServer } from '../../tools/servers/temporal-server.js';
import type { Say } from '../../tools/servers/progress.js';
import { ensureBuilt } from '../support/built-package.js';
import type { RunnerServers } from '../support/runner-servers.js';
import { cleanUpAtEnd, makeDirectory, sharedGuard } from '../support/scratch.js';
import { bundleWorkflows, startTestPostgres } from '../support/shared-parts.js';
import { findTestServer } from '../support/time-skipping.js';
import { cacheFile } from './cache-file.js';

/**
 * Starts what the test processes share: Temporal, PostgreSQL, the compiled product and the bundled
 * workflow code.
 */
export async function startServers(say: Say): Promise<RunnerServers> {
  const guard = await sharedGuard();
  const temporal = await startTemporalServer({ guard, say });
  cleanUpAtEnd.add(temporal.stop);
  await findTestServer(say);
  const postgres = await startTestPostgres({ guard, directory: await makeDirectory('postgres') });
  cleanUpAtEnd.add(postgres.stop);
  await ensureBuilt();
  const { address, namespace, uiUrl = '' } = temporal;
  return {
    temporal: { address, namespace, uiUrl },
    postgresUrl: postgres.url,
    workflowBundlePath: await writeWorkflowBundle(),
  };
}

/**
 * Builds the versions of Temporal's server that the slow lane runs, once for all files; a test says
 * what it lacks.
 */
export async function buildTemporalServers(say: Say): Promise<void> {
  for (const version of Object.values(TEMPORAL_SERVER_VERSIONS)) {
    await findTemporalServer(say, version).catch(() => undefined);
  }
}

/** Bundling takes seconds, and every worker of a test would do it. */
async function writeWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflows();
  const path = cacheFile('workflow-bundle.js');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  return path;
}
