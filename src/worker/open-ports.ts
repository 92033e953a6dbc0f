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
import { MIN_READING_DELAY_MS } from '../domain/inbox-cadence.js';
import type { PolicyOverview } from '../domain/policy-overview.js';
import { openDatabase, type Database } from '../db/database.js';
import { openLockedTransactions } from '../db/locked-transactions.js';
import { createInboxStore, type InboxStore } from '../db/policies/inbox-store.js';
import { readOverview } from '../db/policies/overview.js';
import { createPolicies } from '../db/policies/policies.js';
import { createDeliveryReader } from '../provider/delivery-reader.js';
import { sharePhones } from '../provider/share-phones.js';
import { shareReadings } from '../provider/share-readings.js';
import { createSmsMobileApi, type SmsMobileApi } from '../provider/sms-mobile-api.js';
import { announceOptOut } from '../temporal/announce-opt-out.js';
import { confirmOptOut } from '../temporal/confirm-opt-out.js';
import { createInboxes } from '../temporal/create-inboxes.js';
import { createRuns } from '../temporal/create-runs.js';
import { createTasks } from '../temporal/pending-activities.js';

/** The real adapters behind the activities, and the way to close them. */
export interface OpenPorts {
  readonly ports: ActivityPorts;
  /** What the worker reads and writes payloads with. */
  readonly dataConverter: DataConverter;
  readonly database: Database;
  /** What `watchInboxes` needs; undefined where SMS_POLICIES is off. */
  readonly inboxes:
    { readonly store: InboxStore; readonly ensure: (accountId: string) => Promise<void> } | undefined;
  /** How the policies stand; undefined where SMS_POLICIES is off. */
  readonly readOverview: (() => Promise<PolicyOverview>) | undefined;
  readonly close: () => Promise<void>;
}

/** How far behind Temporal's list of runs may be unless a part says otherwise, in milliseconds. */
const DEFAULT_LISTING_LAG_MS = 60_000;

/** How long a reading of the sent messages gathers those who ask for one, in milliseconds. */
const DEFAULT_GATHER_MS = 2_000;

/** From one reading of an account's deliveries to the next, in milliseconds. */
const DEFAULT_DELIVERIES_EVERY_MS = 60_000;

/** For parts that are over within seconds: development, tests, chaos. */
export interface PortsTuning {
  /** @default 60,000 */
  readonly listingLagMs?: number | undefined;
  /** @default 2,000 */
  readonly gatherMs?: number | undefined;
  /** No inbox is read more often, in milliseconds. @default 30,000 */
  readonly minInboxDelayMs?: number | undefined;
  /** @default 60,000 */
  readonly deliveriesEveryMs?: number | undefined;
}

/** Opens what the activities need; nothing connects before it is used. */
export function openPorts(
  config: Pick<
    WorkerConfig,
    | 'databaseUrl'
    | 'optOutReply'
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
  const database = openDatabase({ url: config.databaseUrl, readsPrimary: config.policies });
  const transactions = openLockedTransactions(config.databaseUrl);
  const dataConverter = createDataConverter(config.payloadKeys);
  const client = new Client({ ...temporal, dataConverter });
  const provider = createSmsMobileApi({ baseUrl: config.providerUrl });
  const inboxes = createInboxes(client, config.taskQueue);
  const inboxStore = config.policies ? createInboxStore({ database, transactions }) : undefined;
  const recipientKeys = createRecipientKeys(config.payloadKeys);
  return {
    inboxes: inboxStore && { store: inboxStore, ensure: (accountId) => inboxes.ensure(accountId) },
    readOverview: config.policies ? () => readOverview(database) : undefined,
    dataConverter,
    database,
    ports: {
      accounts: createAccounts(database, config),
      policies: config.policies ? createPolicies({ database, transactions }) : undefined,
      inboxes,
      inbox: inboxStore && {
        store: inboxStore,
        reply: config.optOutReply,
        minDelayMs: tuning.minInboxDelayMs ?? MIN_READING_DELAY_MS,
        read: (request) => provider.readInbox(request),
        announceOptOut: async ({ accountId, phone }) => {
          await announceOptOut({ client, recipientKeys }, { accountId, recipientPhones: [phone] });
        },
        confirmOptOut: (confirmation) =>
          confirmOptOut({ client, taskQueue: config.taskQueue, recipientKeys }, confirmation),
      },
      cipher: createApiKeyCipher(config.encryptionKeys),
      provider,
      ...openReaders(provider, tuning),
      runs: createRuns({
        client,
        taskQueue: config.taskQueue,
        recipientKeys,
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

/** What is read of the provider's sent messages, at the pace of each account. */
function openReaders(
  provider: SmsMobileApi,
  { gatherMs = DEFAULT_GATHER_MS, deliveriesEveryMs: everyMs = DEFAULT_DELIVERIES_EVERY_MS }: PortsTuning,
): Pick<ActivityPorts, 'sentMessages' | 'deliveries'> {
  return {
    sentMessages: { read: shareReadings((request) => provider.readSentMessages(request), { gatherMs }) },
    deliveries: {
      read: createDeliveryReader((apiKey, filter) => provider.fetchDeliveries(apiKey, filter), {
        everyMs,
        gatherMs,
      }),
      readPhones: sharePhones((request) => provider.readPhones(request), { everyMs }),
    },
  };
}
