import type { RunReport } from '../verify/run-report.js';
import type { Decision } from '../system.js';

/**
 * What a person with the phones in hand decides about the held jobs of one number and text: sent,
 * with the id of a message that belongs to no other job, or else resend. By key; jobs that cannot
 * be decided yet are left out.
 */
export function decideHeld(group: {
  /** In the order in which they are decided. */
  held: readonly string[];
  /** The other jobs of the group, ended or not. */
  others: readonly RunReport[];
  /** Ids of the messages that the phone received for the group. */
  messageIds: readonly string[];
}): ReadonlyMap<string, Decision> {
  // A job that still runs may yet name one of the messages, or send one.
  if (group.others.some(({ end }) => end.kind === 'open')) return new Map();
  const named = new Set(group.others.flatMap(({ end }) => (end.kind === 'sent' ? [end.messageId] : [])));
  const free = group.messageIds.filter((id) => !named.has(id));
  return new Map(
    group.held.map((key, index): [string, Decision] => {
      const messageId = free[index];
      return [key, messageId === undefined ? { resend: true } : { sent: true, messageId }];
    }),
  );
}
