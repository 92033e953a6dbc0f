import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAccount, createWebAppTables } from '../../dev/demo-account.js';
import { startEmbeddedPostgres } from '../../servers/embedded-postgres.js';
import type { TemporalServerVersion } from '../../servers/production-temporal/find-server.js';
import { startProductionTemporal } from '../../servers/production-temporal/start-production-temporal.js';
import { startTemporalServer, type OwnTemporalServer } from '../../servers/temporal-server.js';
import { DEV_WORKER_ARGUMENTS, startWorkerProcess } from '../../servers/worker-process.js';
import type { CommonParts } from '../parts.js';
import type { SystemUnderFire } from '../system.js';
import { createDurableSystem } from './durable-system.js';
import { findCompiledWorker } from './worker-arguments.js';

/**
 * Starts PostgreSQL, with an account for each key, and Temporal with a database file; workers start
 * on request.
 */
export async function startDurable(
  common: CommonParts,
  options: {
    /** Temporal's server on PostgreSQL, of this version, instead of the development server. */
    server?: TemporalServerVersion | undefined;
    /** The text that confirms an opt-out. */
    optOutReply?: string | undefined;
  } = {},
): Promise<SystemUnderFire> {
  const { guard, cleanUp, say, simulator, apiKeys } = common;
  const encryptionKey = randomBytes(32).toString('hex');
  const payloadKeys = `chaos:${randomBytes(32).toString('hex')}`;

  const postgres = await startEmbeddedPostgres({ guard, directory: await common.makeDirectory('postgres') });
  cleanUp.add(postgres.stop);
  const databaseUrl = await postgres.createDatabase('web_app');
  await createWebAppTables(databaseUrl);
  const accountIds: string[] = [];
  for (const apiKey of apiKeys) accountIds.push(await addAccount(databaseUrl, { apiKey, encryptionKey }));
  say(`PostgreSQL: ready on 127.0.0.1:${postgres.port}, ${accountIds.length} accounts`);

  const temporalDirectory = await common.makeDirectory('temporal');
  const temporal = await startTemporal(common, temporalDirectory, options.server);
  cleanUp.add(temporal.kill);
  say(`Temporal: ready on ${temporal.address}, Web UI at ${temporal.uiUrl ?? 'none'}`);

  const emptyProfile = join(temporalDirectory, 'temporal.toml');
  await writeFile(emptyProfile, '[profile.default]\n');
  const environment = {
    DATABASE_URL: databaseUrl,
    SMS_API_KEY_ENCRYPTION_KEY: encryptionKey,
    SMS_PAYLOAD_KEYS: payloadKeys,
    SMSMOBILEAPI_URL: simulator.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_CONFIG_FILE: emptyProfile,
    ...(options.optOutReply === undefined ? {} : { SMS_OPT_OUT_REPLY: options.optOutReply }),
  };
  const nodeArguments = await findCompiledWorker();
  say(`Workers: ${nodeArguments === undefined ? 'from the sources' : 'as compiled in dist/'}`);
  return await createDurableSystem({
    address: temporal.address,
    payloadKeys,
    databaseUrl,
    accountIds,
    cleanUp,
    parts: {
      broker: temporal,
      database: postgres,
      startWorker: async () => {
        const worker = await startWorkerProcess({
          guard,
          environment,
          ...(nodeArguments === undefined
            ? {}
            : { nodeArguments: [...nodeArguments, ...DEV_WORKER_ARGUMENTS] }),
        });
        return worker.process;
      },
    },
  });
}

async function startTemporal(
  { guard, cleanUp, say, makeDirectory }: CommonParts,
  directory: string,
  version: TemporalServerVersion | undefined,
): Promise<OwnTemporalServer> {
  if (version === undefined) {
    return await startTemporalServer({ guard, say, databaseFile: join(directory, 'temporal.db') });
  }
  const postgres = await startEmbeddedPostgres({
    guard,
    directory: await makeDirectory('temporal-postgres'),
  });
  cleanUp.add(postgres.stop);
  return await startProductionTemporal({ guard, say, postgres, directory, version });
}
