import type { SmsClient } from '../../../src/client.js';
import { sendMany } from '../load/send-many.js';
import { createJobMaker } from '../load/make-jobs.js';

/** How many starts are under way at once. */
const STARTERS = 50;

/**
 * Starts sends that no worker takes yet: first all sends of a large account, then all of a small
 * one. Returns the workflow ids of the small account.
 */
export async function fillBacklog(options: {
  sms: Pick<SmsClient, 'send'>;
  prefix: string;
  large: { readonly accountId: string; readonly sends: number };
  small: { readonly accountId: string; readonly sends: number };
  onStart: (started: number) => void;
}): Promise<Set<string>> {
  const { sms, prefix, large, small, onStart } = options;
  let started = 0;
  const startAll = async (accountId: string, sends: number, name: string) => {
    const nextJob = createJobMaker(accountId, `${prefix}-${name}`);
    const ids = new Set<string>();
    await sendMany({
      sends,
      inFlight: STARTERS,
      nextJob,
      async send({ key, ...job }) {
        ids.add((await sms.send(job, { idempotencyKey: key })).workflowId);
      },
      onSend: () => {
        onStart((started += 1));
      },
    });
    return ids;
  };
  await startAll(large.accountId, large.sends, 'large');
  return await startAll(small.accountId, small.sends, 'small');
}
