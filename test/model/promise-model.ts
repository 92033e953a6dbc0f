import { DEFAULT_MAX_RESENDS } from '../../src/domain/replayed-constants.js';
import type { SmsResult } from '../../src/domain/sms-job.js';
import type { SeenWorld, TrackedSend } from './tracked-send.js';

/** How a send ended: with a result, with a code, or cancelled without one. */
export type Ending =
  | { readonly kind: 'completed'; readonly result: SmsResult }
  | { readonly kind: 'failed' | 'cancelled'; readonly code: string | undefined };

const UNKNOWN = 'SEND_OUTCOME_UNKNOWN';

/**
 * What the promises say about one more request, at the moment when it is made; undefined if it may
 * be made.
 *
 * After a request of unknown outcome another needs an operator's order, or a log that was read
 * since then, has answered, and shows nothing that could be this message and nobody else owns.
 */
export function whyNotToRequest(
  world: SeenWorld,
  send: TrackedSend,
  at: { nowMs: number; scheduledAtMs: number },
): string | undefined {
  if (at.nowMs >= send.deadlineMs) return 'a request after the deadline';
  if (send.cancelledAtMs !== undefined && at.scheduledAtMs > send.cancelledAtMs) {
    return 'a request after a cancel was acknowledged';
  }
  if (send.unknownFromMs === undefined) return undefined;
  const { reading, ordered, granted, job } = send;
  if (reading === undefined) return 'a request after an unknown one, and the log was not read';
  const candidates = world.unownedBesides(send, reading);
  if (ordered || granted === 'by order') {
    const isShown = reading.fate === 'truthful' && candidates.length > 0;
    if (isShown) return 'sent again by order, though the log shows the message';
    if (ordered) return undefined;
  }
  const { onUnknown = 'resend', maxResends = DEFAULT_MAX_RESENDS } = job.options ?? {};
  if (reading.fate === 'unreadable' || reading.fate === 'key gone') {
    return 'sent again, though the log has not answered';
  }
  if (candidates.length > 0) return 'sent again, though the log shows a message that may be it';
  if (granted !== undefined) return undefined;
  if (send.wasReset) return 'a reset run sent again without an order';
  if (onUnknown !== 'resend') return `sent again without an order, though onUnknown is ${onUnknown}`;
  if (send.resendsByRule >= maxResends) return 'sent again more often than maxResends allows';
  return undefined;
}

/** What the promises say in the end, when every run is closed; each line is one that was broken. */
export function brokenPromises(world: SeenWorld, endings: ReadonlyMap<TrackedSend, Ending>): string[] {
  const broken: string[] = [];
  const owners = new Map<string, TrackedSend>();
  for (const [send, ending] of endings) {
    if (ending.kind === 'failed' && ending.code === undefined)
      broken.push(`${send.name} failed without a code`);
    if (ending.kind !== 'completed') continue;
    const { messageId } = ending.result;
    const message = world.messages.find(({ id }) => id === messageId);
    if (message?.group !== send.group)
      broken.push(`${send.name} completed with a message that is not its own`);
    const other = owners.get(messageId);
    if (other !== undefined) broken.push(`${other.name} and ${send.name} completed with the same message`);
    owners.set(messageId, send);
    broken.push(...brokenAboutDuplicates(world, send, ending.result));
  }
  for (const group of new Set(world.sends.map((send) => send.group))) {
    const ends = [...endings].filter(([send]) => send.group === group).map(([, ending]) => ending);
    const completed = ends.filter(({ kind }) => kind === 'completed').length;
    const unknown = ends.filter((ending) => ending.kind !== 'completed' && ending.code === UNKNOWN).length;
    // What a phone failed to send counts for nobody.
    const delivered = world.messages.filter((message) => message.group === group && !message.failed).length;
    const allowed = completed + unknown + world.extrasOf(group);
    if (delivered > allowed) {
      broken.push(
        `${delivered} messages of ${group}, of which ${allowed} are accounted for: ${completed} completed, ${unknown} unknown, ${world.extrasOf(group)} sent again over a late row or by order`,
      );
    }
  }
  return broken;
}

/**
 * A send that was sent again looks for a second message until its last check's interval has passed,
 * and reports one.
 */
function brokenAboutDuplicates(world: SeenWorld, send: TrackedSend, result: SmsResult): string[] {
  const { possibleDuplicateOf, messageId } = result;
  if (possibleDuplicateOf !== undefined) {
    const isReal = world.messages.some(({ id, group }) => id === possibleDuplicateOf && group === send.group);
    const isOther = possibleDuplicateOf !== messageId;
    return isReal && isOther ? [] : [`${send.name} reports a duplicate that is none`];
  }
  const isAlone = world.sends.every((other) => other === send || other.group !== send.group);
  if (!send.wasSentAgain || send.wasReset || send.cancelledAtMs !== undefined || !isAlone) return [];
  const { reading, sentAtMs = 0, job } = send;
  const dueMs = sentAtMs + (job.options?.unknownChecksMs?.at(-1) ?? 0);
  // The world notes a reply some milliseconds after the run's own clock did.
  if (reading?.purpose !== 'duplicate' || reading.atMs < dueMs - 5_000) {
    return [`${send.name} was sent again, and the log was not watched for a second message`];
  }
  const second = world.unownedBesides(send, reading).filter(({ id, failed }) => id !== messageId && !failed);
  if (reading.fate !== 'truthful' || second.length === 0) return [];
  return [`${send.name} was sent again, the log shows both messages, and it does not say so`];
}
