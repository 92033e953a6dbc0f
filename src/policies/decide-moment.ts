import type { MomentAnswer, MomentRequest } from '../domain/moment.js';
import { SmsError } from '../domain/errors.js';
import { formatTimestamp } from '../domain/timestamp.js';
import type { WaitKind, WaitReason } from '../domain/wait-reason.js';
import { GRANT_VALID_MS, nextMoment } from './next-moment.js';
import type { OutreachHistory } from './outreach-history.js';
import { afterTrouble, phoneGate, type PhoneChange, type PhoneState } from './phone-health.js';
import { createSendingHours } from './sending-hours.js';
import { readSendingPolicy, type SendingPolicy } from './sending-policy.js';

/** What PostgreSQL knows of a request and its account, read under the account's lock. */
export interface MomentSnapshot {
  /** By PostgreSQL's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly hasKey: boolean;
  readonly isOptedOut: boolean;
  /** A reply of the recipient may be an opt-out, and nobody has decided. */
  readonly isUndecided: boolean;
  /** Undefined: the defaults. */
  readonly policy: Partial<SendingPolicy> | undefined;
  /** What this ticket was granted before. */
  readonly granted: { readonly momentMs: number; readonly isReleased: boolean } | undefined;
  /** What is known of the sending phone. */
  readonly phone: PhoneState | undefined;
  /** The last complete reading of the account's inbox, epoch milliseconds. */
  readonly inboxReadMs: number | undefined;
  readonly history: OutreachHistory;
}

/** What a decision changes in PostgreSQL. */
export type MomentChange =
  | { readonly kind: 'grant'; readonly momentMs: number }
  | { readonly kind: 'release'; readonly ticket: string }
  | ({ readonly kind: 'phone' } & PhoneChange);

/** What is decided about a question for a moment. */
export interface MomentDecision {
  readonly answer: MomentAnswer;
  /** The inbox must be read soon. */
  readonly readInbox: boolean;
  /** What the request has to wait for. */
  readonly waitsFor: WaitKind | undefined;
  readonly changes: readonly MomentChange[];
}

/** How old the last reading of the inbox may be when a request is made, in milliseconds. */
export const INBOX_FRESH_MS = 5 * 60_000;

/** How soon a run asks again whose inbox is being read, in milliseconds. */
const ASK_AFTER_READING_MS = 8_000;

/** How soon a run asks again whose recipient's reply waits for a person, in milliseconds. */
const ASK_AFTER_DECISION_MS = 10 * 60_000;

/** A moment is exchanged for one that is earlier by this, in milliseconds. */
const MIN_GAIN_MS = 60_000;

const REASONS: Readonly<Record<WaitReason, string>> = {
  hours: 'outside the sending hours of the recipient',
  spacing: 'the messages before it go first',
  'per-minute': 'the limit of messages per minute is reached',
  'segments-per-minute': 'the limit of segments per minute is reached',
  'per-hour': 'the limit of messages per hour is reached',
  'per-day': 'the limit of messages per day is reached',
  'new-recipients': 'the limit of new recipients in 30 days is reached',
};

/**
 * When a marketing request may be made, and what that changes. Pure: time and chance come in.
 *
 * @throws SmsError RECIPIENT_OPTED_OUT, API_KEY_REQUIRED, VALIDATION_FAILED, MESSAGE_EXPIRED; none
 *   is retried
 */
export function decideMoment(
  request: MomentRequest,
  snapshot: MomentSnapshot,
  random: () => number,
): MomentDecision {
  const { nowMs } = snapshot;
  if (snapshot.isOptedOut) throw new SmsError('RECIPIENT_OPTED_OUT');
  if (!snapshot.hasKey) throw new SmsError('API_KEY_REQUIRED');
  const changes: MomentChange[] = [];
  if (request.supersedes !== undefined) changes.push({ kind: 'release', ticket: request.supersedes });
  const askAgain = (waitsFor: WaitKind, waitMs: number, reason: string): MomentDecision => ({
    answer: { kind: 'ask-again', waitMs: Math.max(1, Math.ceil(waitMs)), reason },
    readInbox: waitsFor === 'inbox',
    waitsFor,
    changes,
  });

  if (snapshot.isUndecided) {
    return askAgain(
      'decision',
      ASK_AFTER_DECISION_MS,
      'a reply of the recipient may be an opt-out, and waits for a decision',
    );
  }
  const trouble = afterTrouble(snapshot.phone, request, nowMs);
  if (trouble !== undefined) changes.push({ kind: 'phone', ...trouble });
  const gate = phoneGate(trouble ?? snapshot.phone, Object.assign({}, request, { nowMs }));
  if (gate.kind === 'closed') {
    // Not all of them at the same time.
    return askAgain('phone', gate.untilMs - nowMs + random() * gate.spreadMs, gate.reason);
  }

  if (!isValid(snapshot.policy)) {
    return askAgain('policy', ASK_AFTER_DECISION_MS, 'the sending policy of the account is not valid');
  }
  const known = stillGranted(snapshot);
  const { momentMs, reason } =
    known === undefined
      ? findMoment(request, snapshot, random)
      : lookAgain(request, snapshot, { known, random });
  const isSoon = momentMs < nowMs + INBOX_FRESH_MS;
  if (isSoon && (snapshot.inboxReadMs ?? -Infinity) < nowMs - INBOX_FRESH_MS) {
    return askAgain('inbox', ASK_AFTER_READING_MS * (1 + random() / 2), inboxReason(snapshot.inboxReadMs));
  }
  if (momentMs !== known) changes.push({ kind: 'grant', momentMs });
  const probe = gate.isProbe ? gate.probe(momentMs) : undefined;
  if (probe !== undefined) changes.push({ kind: 'phone', ...probe });
  return {
    answer: {
      kind: 'granted',
      waitMs: Math.max(0, momentMs - nowMs),
      ...(reason === undefined ? {} : { reason: REASONS[reason] }),
      ...(probe === undefined ? {} : { isProbe: true }),
    },
    waitsFor: momentMs > nowMs ? reason : undefined,
    readInbox: (snapshot.inboxReadMs ?? -Infinity) < nowMs - INBOX_FRESH_MS,
    changes,
  };
}

/** A policy that somebody has written by SQL can be mended: no send fails for it. */
function isValid(policy: MomentSnapshot['policy']): boolean {
  try {
    readSendingPolicy(policy);
    return true;
  } catch {
    return false;
  }
}

/** The moment that this ticket was granted before, while it is good. */
function stillGranted({ granted, nowMs }: MomentSnapshot): number | undefined {
  if (granted === undefined || granted.isReleased) return undefined;
  return granted.momentMs + GRANT_VALID_MS < nowMs ? undefined : granted.momentMs;
}

interface FoundMoment {
  readonly momentMs: number;
  readonly reason: WaitReason | undefined;
}

/**
 * The moment that was granted before, or another one: the policy may have changed, or others may
 * have given back theirs. A moment outside the hours is worth nothing; limits that were lowered
 * hold for what is granted from then on.
 */
function lookAgain(
  request: MomentRequest,
  snapshot: MomentSnapshot,
  { known, random }: { readonly known: number; readonly random: () => number },
): FoundMoment {
  const { isOpen, seek } = searchOf(request, snapshot, random);
  if (!isOpen(known)) return findMoment(request, snapshot, random);
  if (known - MIN_GAIN_MS <= snapshot.nowMs) return { momentMs: known, reason: undefined };
  const { at, reason } = seek(known - MIN_GAIN_MS);
  return { momentMs: at ?? known, reason };
}

function searchOf(
  request: MomentRequest,
  { nowMs, policy: values, history }: MomentSnapshot,
  random: () => number,
) {
  const policy = readSendingPolicy(values);
  const { recipientPhone: phone, segments, lane, timeZone } = request;
  const hours = createSendingHours(policy, phone, { timeZone });
  return {
    isOpen: (atMs: number) => hours.isOpen(atMs),
    nextOpening: () => hours.nextOpening(nowMs),
    seek: (untilMs: number) =>
      nextMoment({
        request: { phone, segments, lane },
        history,
        policy,
        hours,
        fromMs: nowMs,
        untilMs,
        random,
      }),
  };
}

function findMoment(request: MomentRequest, snapshot: MomentSnapshot, random: () => number): FoundMoment {
  const { seek, nextOpening } = searchOf(request, snapshot, random);
  const { at, reason } = seek(request.deadlineMs);
  if (at !== undefined) return { momentMs: at, reason };
  const opening = reason === 'hours' ? nextOpening() : undefined;
  const next = opening === undefined ? '' : ` The next opening is ${formatTimestamp(opening)}.`;
  throw new SmsError('MESSAGE_EXPIRED', {
    message: `The message expires before it may be sent: ${reason === undefined ? 'no moment is left' : REASONS[reason]}.${next} It was not sent.`,
  });
}

function inboxReason(readMs: number | undefined): string {
  return readMs === undefined
    ? 'the account’s inbox was never read, and may hold an opt-out'
    : `the account’s inbox was last read at ${formatTimestamp(readMs)}, and may hold an opt-out since`;
}
