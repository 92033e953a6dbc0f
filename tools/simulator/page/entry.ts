import type { InboundMessage } from '../inbound-message.js';
import type { SimulatorMessage } from '../simulator-message.js';

/** A message in the conversation with one number: one that its phone received, or wrote. */
export interface Entry {
  readonly id: string;
  /** The number of the conversation: a recipient, or a sender. */
  readonly number: string;
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Whether the number wrote it. */
  readonly isReply: boolean;
  /** The phone of the account on the other side. */
  readonly phoneLabel: string;
  readonly simSlot: 1 | 2 | null;
  readonly accountLabel: string;
}

/** What phones received and what was written back, newest first. */
export function listEntries(
  messages: readonly SimulatorMessage[],
  inbound: readonly InboundMessage[],
): Entry[] {
  const entries = [
    ...messages.map(({ id, recipient, text, at, sendingPhoneLabel, simSlot, accountLabel }): Entry => ({
      id,
      number: recipient,
      text,
      at,
      isReply: false,
      phoneLabel: sendingPhoneLabel,
      simSlot,
      accountLabel,
    })),
    ...inbound.map(({ guid, from, text, at, phoneLabel, accountLabel }): Entry => ({
      id: guid,
      number: from,
      text,
      at,
      isReply: true,
      phoneLabel,
      simSlot: null,
      accountLabel,
    })),
  ];
  // Sorting is stable: what came last comes first, and of one millisecond the reply.
  return entries.reverse().sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
}
