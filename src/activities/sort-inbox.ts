import type { InboundMessage } from '../domain/inbound-messages.js';
import type { Answer, InboxState, SortedInbox, UnmatchedOptOut } from '../domain/inbox.js';
import { matchNumber } from '../phone-numbers/match-number.js';
import { classifyInbound } from '../policies/classify-inbound.js';

/** A clock that is ahead must not hide what comes after. */
const MAX_AHEAD_MS = 60_000;

/**
 * What of an inbox is the account's business: answers of people it has written to. Of everything
 * else only opt-outs are counted: it is the owner's private phone.
 */
export function sortInbox(
  messages: readonly InboundMessage[],
  { phones, region }: Pick<InboxState, 'phones' | 'region'>,
  nowMs: number,
): SortedInbox {
  const answers: Answer[] = [];
  const unmatched: UnmatchedOptOut[] = [];
  let newestMs: number | undefined;
  for (const { providerId, from, message, receivedAtMs: datedMs = nowMs } of messages) {
    const receivedAtMs = Math.min(datedMs, nowMs);
    if (datedMs <= nowMs + MAX_AHEAD_MS) newestMs = Math.max(newestMs ?? 0, receivedAtMs);
    const kind = classifyInbound(message);
    const senders = matchNumber(from, phones, region as Parameters<typeof matchNumber>[2]);
    // Several numbers can end alike: an opt-out holds for each that may have sent it.
    senders.forEach((phone, index) => {
      const id = index === 0 ? providerId : `${providerId}#${index + 1}`;
      answers.push({ providerId: id, phone, message, receivedAtMs, kind });
    });
    if (senders.length === 0 && kind === 'opt-out') unmatched.push({ providerId, receivedAtMs });
  }
  return { answers, unmatched, newestMs };
}
