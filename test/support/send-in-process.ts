import { createSmsClient, SmsError, type SmsClientOptions, type SmsJob } from '../../src/client.js';

/**
 * A web server of its own for tests about several of them: on request over IPC it gets ready, then
 * sends, and answers with the outcome.
 */
export interface SendOrder {
  readonly options: SmsClientOptions;
  readonly job: SmsJob;
  readonly idempotencyKey: string;
}

process.once('message', (order: SendOrder) => {
  const client = createSmsClient(order.options);
  process.once('message', () => {
    void client
      .send(order.job, { idempotencyKey: order.idempotencyKey })
      .then(({ workflowId, runId }) => ({ workflowId, runId }))
      .catch((error: unknown) => ({ code: error instanceof SmsError ? error.code : String(error) }))
      .then(async (answer) => {
        process.send?.(answer);
        await client.close();
        process.disconnect();
      });
  });
  process.send?.('ready');
});
