import { loadClientConnectConfig } from '@temporalio/envconfig';
import { createSmsClient, type SmsClient } from '../client/sms-client.js';
import { readClientConfig } from '../config.js';

/** Runs `work` with a client of the environment's Temporal server, and closes it. */
export async function withClient<T>(work: (client: SmsClient) => Promise<T>): Promise<T> {
  const { taskQueue, payloadKeys } = readClientConfig(process.env);
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const client = createSmsClient({ connection: connectionOptions, namespace, taskQueue, payloadKeys });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
