import {
  Client,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import { createSmsClient } from '../client/create-sms-client.js';
import type { SmsClient } from '../client/sms-client.js';
import { ConfigError, readClientConfig } from '../config.js';
import { loadTemporalConfig } from '../config/temporal-config.js';
import { createPayloadCodec } from '../encryption/payload-codec.js';
import { createRecipientKeys, type RecipientKeys } from '../encryption/recipient-key.js';
import { openConnection } from '../temporal/open-connection.js';
import type { CliIo } from './cli-run.js';

/**
 * Where Temporal is; a person at a terminal learns within seconds if it cannot be reached or does
 * not answer.
 */
export function loadCliTemporalConfig({ env }: Pick<CliIo, 'env'>): {
  connectionOptions: ConnectionOptions;
  namespace: string;
} {
  const { connectionOptions, namespace } = loadTemporalConfig(env);
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4 }));
  return {
    connectionOptions: {
      ...connectionOptions,
      interceptors: [retry],
    },
    namespace,
  };
}

/** Runs `work` with a client of the environment's Temporal server, and closes it. */
export async function withClient<T>(io: CliIo, work: (client: SmsClient) => Promise<T>): Promise<T> {
  const { taskQueue, payloadKeys } = readClientConfig(io.env);
  const { connectionOptions, namespace } = loadCliTemporalConfig(io);
  const client = orConfigError(() =>
    createSmsClient({
      connection: connectionOptions,
      namespace,
      taskQueue,
      payloadKeys,
      callTimeoutMs: io.callTimeoutMs,
    }),
  );
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Runs `work` with a plain client of the environment's Temporal server, and closes it. */
export async function withTemporal<T>(
  io: CliIo,
  work: (temporal: { readonly client: Client; readonly recipientKeys: RecipientKeys }) => Promise<T>,
): Promise<T> {
  const { payloadKeys } = readClientConfig(io.env);
  const { connectionOptions, namespace } = loadCliTemporalConfig(io);
  const { connection, close } = orConfigError(() =>
    openConnection(connectionOptions, { namespace, callTimeoutMs: io.callTimeoutMs }),
  );
  try {
    const dataConverter = { payloadCodecs: [createPayloadCodec(payloadKeys)] };
    const client = new Client({ connection, namespace, dataConverter });
    return await work({ client, recipientKeys: createRecipientKeys(payloadKeys) });
  } finally {
    await close();
  }
}

/** What a client or a connection refuses of its options comes from the environment here. */
export function orConfigError<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError([`TEMPORAL_ADDRESS, TEMPORAL_TLS_…: ${error.message}`]);
  }
}
