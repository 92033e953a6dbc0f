import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { createSmsClient, type SmsClient, type SmsJob } from '../../src/client.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { openPorts } from '../../src/worker/open-ports.js';
import {
  createWebAppDatabase,
  sharedNativeConnection,
  sharedTemporal,
  sharedWorkflowBundle,
} from './shared-parts.js';

/** A database, a simulator, a worker and a client of one test file, on the shared servers. */
export interface SendFixture {
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  readonly payloadKeys: string;
  readonly apiKey: string;
  /** An account whose key the simulator accepts. */
  readonly accountId: string;
  readonly taskQueue: string;
  readonly simulator: Simulator;
  readonly client: SmsClient;
  readonly temporal: Client;
  /** Adds an account; without a key, it has none. */
  readonly addAccount: (apiKey?: string) => Promise<string>;
  /** A job that is fine, with a recipient of its own. */
  readonly job: (changes?: Partial<SmsJob>) => SmsJob;
  /** How often each port was called. */
  readonly calls: { loads: number; unseals: number; reseals: number };
  readonly close: () => Promise<void>;
}

/** What a fixture is made with. */
export interface FixtureOptions {
  /** Replaces ports, with the real ones to build on. */
  readonly change?: (ports: ActivityPorts) => ActivityPorts;
  /** False: no worker polls. */
  readonly worker?: boolean;
  readonly databaseUrl?: string;
  /**
   * The addresses under which the worker reaches the simulator and the database, from their own.
   */
  readonly route?: {
    readonly provider?: (url: string) => Promise<string>;
    readonly database?: (url: string) => Promise<string>;
  };
  /** As SMS_PAYLOAD_KEYS, or `off`; a key of its own if left out. */
  readonly payloadKeys?: string;
  /**
   * The worker bundles the workflow code itself, with its own data converter, as one that runs the
   * sources.
   */
  readonly ownBundle?: boolean;
  /** As SMS_OPT_OUT_REPLY. */
  readonly optOutReply?: string;
  /** As SMS_POLICIES. @default true */
  readonly policies?: boolean;
  /** As SMS_REQUIRE_ENCRYPTED. */
  readonly requireEncrypted?: boolean;
  /** Keys of further accounts at the provider, each with a log of its own. */
  readonly otherApiKeys?: readonly string[];
  /** How far behind Temporal's list of runs may be, in milliseconds. */
  readonly listingLagMs?: number;
  /** How long a reading of the sent messages gathers those who ask, in milliseconds. */
  readonly gatherMs?: number;
  /** No inbox is read more often, in milliseconds. */
  readonly minInboxDelayMs?: number;
  /** From one reading of an account's deliveries to the next, in milliseconds. */
  readonly deliveriesEveryMs?: number;
  /** Another Temporal server than the shared one. */
  readonly temporal?: { readonly address: string; readonly nativeConnection: NativeConnection };
}

/** Sets everything up. */
export async function createSendFixture(options: FixtureOptions = {}): Promise<SendFixture> {
  const encryptionKey = randomBytes(32).toString('hex');
  const payloadKeys = options.payloadKeys ?? `test:${randomBytes(32).toString('hex')}`;
  const parsedKeys = payloadKeys === 'off' ? [] : parsePayloadKeys(payloadKeys);
  const apiKey = `key-${randomBytes(16).toString('hex')}`;
  const taskQueue = `sms-test-${randomUUID()}`;
  const databaseUrl = options.databaseUrl ?? (await createWebAppDatabase());
  const accountId = await addAccount(databaseUrl, { apiKey, encryptionKey });
  const others = (options.otherApiKeys ?? []).map((key, index) => ({ key, label: `other ${index + 1}` }));
  const simulator = await startSimulator({
    apiKeys: [{ key: apiKey, label: 'test' }, ...others],
    phoneDelayMs: 0,
  });
  const namespace = 'default';
  const { address, nativeConnection } = options.temporal ?? {
    address: (await sharedTemporal()).address,
    nativeConnection: await sharedNativeConnection(),
  };

  const opened = openPorts(
    {
      databaseUrl: (await options.route?.database?.(databaseUrl)) ?? databaseUrl,
      encryptionKeys: [encryptionKey],
      providerUrl: (await options.route?.provider?.(simulator.url)) ?? simulator.url,
      payloadKeys: parsedKeys,
      requireEncrypted: options.requireEncrypted ?? false,
      policies: options.policies ?? true,
      optOutReply: options.optOutReply,
      taskQueue,
    },
    { connection: nativeConnection, namespace },
    // Long enough for Temporal to list a run, and no longer.
    {
      listingLagMs: options.listingLagMs ?? 1_000,
      gatherMs: options.gatherMs ?? 200,
      minInboxDelayMs: options.minInboxDelayMs,
      deliveriesEveryMs: options.deliveriesEveryMs ?? 200,
    },
  );
  const calls = { loads: 0, reseals: 0, unseals: 0 };
  const counted = countCalls(opened.ports, calls);
  const worker =
    options.worker === false
      ? undefined
      : await createSmsWorker({
          connection: nativeConnection,
          namespace,
          taskQueue,
          ports: options.change?.(counted) ?? counted,
          dataConverter: opened.dataConverter,
          workflowBundle: options.ownBundle === true ? undefined : await sharedWorkflowBundle(),
        });
  const running = worker?.run();

  const client = createSmsClient({ connection: { address }, namespace, payloadKeys, taskQueue });
  const connection = await Connection.connect({ address });
  let recipients = 0;
  return {
    databaseUrl,
    encryptionKey,
    payloadKeys,
    apiKey,
    accountId,
    taskQueue,
    simulator,
    client,
    calls,
    temporal: new Client({
      connection,
      namespace,
      dataConverter: { payloadCodecs: [createPayloadCodec(parsedKeys)] },
    }),
    addAccount: (key) =>
      addAccount(databaseUrl, { ...(key === undefined ? {} : { apiKey: key }), encryptionKey }),
    job: (changes) => ({
      // A number that the simulator treats as it treats everyone.
      recipientPhone: `+3363998${String(1000 + recipients++)}`,
      message: `Bonjour ${randomUUID()}`,
      accountId,
      ...changes,
    }),
    close: async () => {
      worker?.shutdown();
      await running;
      await client.close();
      await connection.close();
      await opened.close();
      await simulator.close();
    },
  };
}

function countCalls(ports: ActivityPorts, calls: SendFixture['calls']): ActivityPorts {
  const { cipher } = ports;
  return {
    ...ports,
    accounts: {
      findEncryptedApiKey: (...parameters) => {
        calls.loads++;
        return ports.accounts.findEncryptedApiKey(...parameters);
      },
    },
    cipher: cipher && {
      reseal: (...parameters) => {
        calls.reseals++;
        return cipher.reseal(...parameters);
      },
      unseal: (...parameters) => {
        calls.unseals++;
        return cipher.unseal(...parameters);
      },
    },
  };
}
