import type { PlannedSend } from '../../plan/planned-send.js';
import type { FollowEvidence, PhoneTruth } from './follow-evidence.js';

/** What an accepted job says of its message, and what its phone made of it. */
export interface FollowedEnd {
  readonly send: PlannedSend;
  /** Undefined: a job that was accepted, and says nothing of the phone. */
  readonly says: 'sent' | 'failed' | 'unknown' | undefined;
  /** It was cancelled while it was followed. */
  readonly wasCancelled: boolean;
  /** When it ended, epoch milliseconds. */
  readonly closedAtMs: number;
  /** When it asked for its message for the last time, epoch milliseconds. */
  readonly lastCheckAtMs: number | undefined;
  readonly truth: PhoneTruth;
  /** When the readings were made that could tell it of its message, epoch milliseconds. */
  readonly readAtMs: readonly number[];
}

/**
 * The ends of the jobs that were accepted with a message that the provider took; whether there is
 * one is for the judge of every run.
 */
export function followedEnds({ sends, reports, taken, readings }: FollowEvidence): FollowedEnd[] {
  const sendOf = new Map(sends.map((send) => [send.key, send]));
  const truthOf = new Map(taken.map((truth) => [truth.id, truth]));
  return reports.flatMap(({ key, end, closedAtMs = Infinity, lastCheckAtMs }) => {
    const send = sendOf.get(key);
    if (send?.followChecksMs === undefined || !('messageId' in end)) return [];
    const truth = truthOf.get(end.messageId ?? '');
    if (truth === undefined) return [];
    const wasCancelled =
      end.kind === 'sent' && send.cancelAfterMs !== undefined && isOfCancellation(end.deliveryReason);
    const says = end.kind === 'sent' ? end.delivery : end.maybeSent ? 'unknown' : 'failed';
    const readAtMs = readings
      .filter(({ accountLabel, messageId }) => accountLabel === truth.accountLabel && isOf(messageId, truth))
      .map(({ atMs }) => atMs);
    return [{ send, says, wasCancelled, closedAtMs, lastCheckAtMs, truth, readAtMs }];
  });
}

function isOf(messageId: string | undefined, { id }: PhoneTruth): boolean {
  return messageId === undefined || messageId === id;
}

function isOfCancellation(reason: string | undefined): boolean {
  return reason?.startsWith('The send was cancelled') === true;
}
