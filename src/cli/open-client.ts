import {
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import { createSmsClient, type SmsClient } from '../client/sms-client.js';
import { readClientConfig } from '../config.js';
import { loadTemporalConfig } from '../temporal-config.js';
import { endCallsInTime } from './call-deadlines.js';
import type { CliIo } from './cli-run.js';

/** Where Temporal is; a person at a terminal is told after seconds that it cannot be reached, or does not answer. */
export function loadCliTemporalConfig({ env, deadlines }: Pick<CliIo, 'env' | 'deadlines'>): {
  connectionOptions: ConnectionOptions;
  namespace: string;
} {
  const { connectionOptions, namespace } = loadTemporalConfig(env);
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4 }));
  return {
    connectionOptions: {
      ...connectionOptions,
      connectTimeout: '5 seconds',
      interceptors: [endCallsInTime(deadlines), retry],
    },
    namespace,
  };
}

/** Runs `work` with a client of the environment's Temporal server, and closes it. */
export async function withClient<T>(io: CliIo, work: (client: SmsClient) => Promise<T>): Promise<T> {
  const { taskQueue, payloadKeys } = readClientConfig(io.env);
  const { connectionOptions, namespace } = loadCliTemporalConfig(io);
  const client = createSmsClient({ connection: connectionOptions, namespace, taskQueue, payloadKeys });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
