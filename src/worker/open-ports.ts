import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { ActivityPorts } from '../activities/ports.js';
import { createApiKeyCipher } from '../encryption/api-key-cipher.js';
import { createRecipientKey, createRecipientKeys } from '../encryption/recipient-key.js';
import type { WorkerConfig } from '../config.js';
import { createDataConverter } from '../encryption/data-converter.js';
import { createAccounts } from '../db/accounts.js';
import { openDatabase, type Database } from '../db/database.js';
import { openLockedTransactions } from '../db/locked-transactions.js';
import { createPolicies } from '../db/policies/policies.js';
import { shareReadings } from '../provider/share-readings.js';
import { createSmsMobileApi } from '../provider/sms-mobile-api.js';
import { createInboxes } from '../temporal/create-inboxes.js';
import { createRuns } from '../temporal/create-runs.js';
import { createTasks } from '../temporal/pending-activities.js';

/** The real adapters behind the activities, and the way to close them. */
export interface OpenPorts {
  readonly ports: ActivityPorts;
  /** What the worker reads and writes payloads with. */
  readonly dataConverter: DataConverter;
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** How far behind Temporal's list of runs may be unless a part says otherwise, in milliseconds. */
const DEFAULT_LISTING_LAG_MS = 60_000;

/** How long a reading of the sent messages gathers those who ask for one, in milliseconds. */
const DEFAULT_GATHER_MS = 2_000;

/** For parts that are over within seconds: development, tests, chaos. */
export interface PortsTuning {
  /** @default 60,000 */
  readonly listingLagMs?: number | undefined;
  /** @default 2,000 */
  readonly gatherMs?: number | undefined;
}

/** Opens what the activities need; nothing connects before it is used. */
export function openPorts(
  config: Pick<
    WorkerConfig,
    | 'databaseUrl'
    | 'encryptionKeys'
    | 'providerUrl'
    | 'payloadKeys'
    | 'policies'
    | 'requireEncrypted'
    | 'taskQueue'
  >,
  temporal: { readonly connection: NativeConnection; readonly namespace: string },
  tuning: PortsTuning = {},
): OpenPorts {
  const database = openDatabase({ url: config.databaseUrl });
  const transactions = openLockedTransactions(config.databaseUrl);
  const dataConverter = createDataConverter(config.payloadKeys);
  const client = new Client({ ...temporal, dataConverter });
  const provider = createSmsMobileApi({ baseUrl: config.providerUrl });
  return {
    dataConverter,
    database,
    ports: {
      accounts: createAccounts(database, config),
      policies: config.policies ? createPolicies({ database, transactions }) : undefined,
      inboxes: createInboxes(client, config.taskQueue),
      cipher: createApiKeyCipher(config.encryptionKeys),
      provider,
      sentMessages: {
        read: shareReadings((request) => provider.readSentMessages(request), {
          gatherMs: tuning.gatherMs ?? DEFAULT_GATHER_MS,
        }),
      },
      runs: createRuns({
        client,
        taskQueue: config.taskQueue,
        recipientKeys: createRecipientKeys(config.payloadKeys),
        unprovenClaims: config.requireEncrypted ? 'refused' : 'admitted',
      }),
      tasks: createTasks(client),
      recipientKey: createRecipientKey(config.payloadKeys[0]),
      unencryptedJobs: config.requireEncrypted ? 'refused' : 'admitted',
      listingLagMs: tuning.listingLagMs ?? DEFAULT_LISTING_LAG_MS,
      now: Date.now,
      wait: (ms, signal) => wait(ms, undefined, { signal }),
    },
    async close() {
      provider.close();
      await Promise.all([database.close(), transactions.close()]);
    },
  };
}
