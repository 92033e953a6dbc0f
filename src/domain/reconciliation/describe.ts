import { RESOLVE_SEND } from '../send-decision.js';
import { formatTimestamp } from '../timestamp.js';
import type { UnfoundVerdict } from './verdict.js';

/** What people read of a request that the provider's sent messages contradict. */
export const CONTRADICTED =
  'Maybe sent: the provider reports its phone as offline, but its sent messages may show the message.';

/** Why the sent messages have not reconciled it, in a few plain words. */
export function describeVerdict(verdict: Exclude<UnfoundVerdict, { verdict: 'clean' }>): string {
  const { reason } = verdict;
  return verdict.verdict === 'ambiguous'
    ? reason
    : `the provider’s sent messages could not be read: ${reason}`;
}

/** The details of a run that waits before it repeats a request which was proven not sent. */
export function describeBackOff(request: { reason: string; attempt: number }, untilMs: number): string {
  return `${request.reason} Request ${request.attempt + 1} follows at ${formatTimestamp(untilMs)}.`;
}

/** The details of a run that compares the provider's word with its sent messages. */
export function describeLook({ reason, attempt }: { reason: string; attempt: number }): string {
  return `${reason} The run checks the provider’s sent messages before request ${attempt + 1}.`;
}

/** The details of a run that waits for a check of the sent messages; `check` counts from 0. */
export function describeCheck(
  message: string,
  { atMs, check, of }: { atMs: number; check: number; of: number },
): string {
  return `${message} The run checks the provider’s sent messages at ${formatTimestamp(atMs)} (${check + 1} of ${of}) before it resends anything.`;
}

/** The details of a run that is held. */
export function describeHold(reason: string, times: { askAtMs: number; deadlineMs: number }): string {
  return `Held: ${reason}. Decide with the update ${RESOLVE_SEND}, or with: npx durable-sms resolve. The run checks the provider’s sent messages again at ${formatTimestamp(times.askAtMs)}; the send expires at ${formatTimestamp(times.deadlineMs)}.`;
}

/** The details of a run that was sent again, and is looked for twice. */
export function describeDuplicateLook(atMs: number): string {
  return `Resent and accepted. The run checks the provider’s sent messages for a second message at ${formatTimestamp(atMs)}.`;
}
