import type { Client } from '@temporalio/client';
import { SmsError } from '../domain/errors.js';
import type { SmsStatus } from '../domain/names.js';
import type { SmsResult } from '../domain/sms-job.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { createAlarm } from './alarm.js';
import { readAcceptance, type AcceptedSms } from './read-acceptance.js';
import { readSmsStatus } from './read-sms-status.js';

/**
 * The waits between two looks at a send, which double from the first to the longest, in
 * milliseconds; its end is noticed at once.
 */
const LOOKS = { firstMs: 100, maxMs: 2_000 };

/** What a send says of itself that was accepted and is followed, or was. */
const ACCEPTED: readonly (SmsStatus | undefined)[] = ['accepted', 'resent-accepted', 'sent', 'resent-sent'];

/**
 * Waits until the provider has accepted the message of a send. It asks Temporal, not a worker, and
 * leaves no call behind.
 *
 * @throws SmsError with the code that the send ended with, where it was not accepted; the signal's
 *   reason
 */
export async function awaitAcceptance(
  client: Client,
  { workflowId, result }: { readonly workflowId: string; readonly result: () => Promise<SmsResult> },
  signal: AbortSignal | undefined,
): Promise<AcceptedSms> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const alarm = createAlarm(both);
  let end: (() => AcceptedSms) | undefined;
  untilAborted(both, result).then(
    ({ messageId, timestamp }) => {
      end = () => ({ messageId, timestamp });
      alarm.ring();
    },
    (error: unknown) => {
      end = () => acceptedBefore(error);
      alarm.ring();
    },
  );
  /** Set while this code waits. */
  const ended = () => end;
  try {
    for (let look = 0; ; look++) {
      const accepted = await untilAborted(both, () => findAcceptance(client, workflowId));
      if (accepted !== undefined) return accepted;
      const take = ended();
      if (take !== undefined) return take();
      await alarm.waitFor(Math.min(LOOKS.maxMs, LOOKS.firstMs * 2 ** Math.min(look, 10)));
      signal?.throwIfAborted();
    }
  } finally {
    stop.abort();
  }
}

async function findAcceptance(client: Client, workflowId: string): Promise<AcceptedSms | undefined> {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    if (!ACCEPTED.includes(readSmsStatus(description))) return undefined;
    return await readAcceptance(client, { workflowId, runId: description.runId });
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

/** A send that its phone failed to send was accepted before. */
function acceptedBefore(error: unknown): AcceptedSms {
  const { messageId, acceptedAt } = error instanceof SmsError ? error.details : {};
  if (messageId === undefined || acceptedAt === undefined) throw error;
  return { messageId, timestamp: acceptedAt };
}
