import { createSmsClient, SmsError, type SmsClientOptions, type SmsJob } from '../../src/client.js';

/** Which calls are left open when the client is closed: a send of this job. */
export interface CloseOrder {
  readonly options: SmsClientOptions;
  readonly job: SmsJob;
  /**
   * How long the send is left alone before the client is closed, in milliseconds; 0 for not at all.
   */
  readonly closeAfterMs: number;
}

/**
 * A separate web server that closes its client in the middle of a send, and reports the outcome
 * over IPC.
 */
process.once('message', ({ options, job, closeAfterMs }: CloseOrder) => {
  const client = createSmsClient(options);
  const codeOf = (error: unknown) => (error instanceof SmsError ? error.code : String(error));
  const open = client.send(job).catch(codeOf);
  setTimeout(() => {
    void (async () => {
      await client.close();
      const late = await client.send(job).catch(codeOf);
      process.send?.([await open, late]);
      process.disconnect();
    })();
  }, closeAfterMs);
});
