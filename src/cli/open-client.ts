import {
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import { createSmsClient } from '../client/create-sms-client.js';
import type { SmsClient } from '../client/sms-client.js';
import { ConfigError, readClientConfig } from '../config.js';
import { loadTemporalConfig } from '../config/temporal-config.js';
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

/** What a client or a connection refuses of its options comes from the environment here. */
export function orConfigError<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError([`TEMPORAL_ADDRESS, TEMPORAL_TLS_…: ${error.message}`]);
  }
}
