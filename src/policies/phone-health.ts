import type { MomentRequest } from '../domain/moment.js';

/** What is known of a sending phone that failed. */
export interface PhoneState {
  /** Epoch milliseconds; 0 after failures that do not close it. */
  readonly closedUntilMs: number;
  readonly reason: string;
  /** How often in a row it failed; 0: it works again. */
  readonly failures: number;
  /** When it failed last, epoch milliseconds. */
  readonly failedAtMs: number;
  /** The one request that tries whether it works again, and until when it has the right to. */
  readonly probeTicket: string | undefined;
  readonly probeUntilMs: number | undefined;
}

/** What is written of a sending phone. */
export type PhoneChange = PhoneState;

/** Whether a request may be made from a phone. */
export type PhoneGate =
  | { readonly kind: 'open'; readonly isProbe: false }
  | {
      readonly kind: 'open';
      readonly isProbe: true;
      /**
       * What is written of the phone with the grant of this moment; undefined if it lies too far
       * ahead for a probe.
       */
      readonly probe: (momentMs: number) => PhoneChange | undefined;
    }
  | { readonly kind: 'closed'; readonly untilMs: number; readonly spreadMs: number; readonly reason: string };

/** How long a phone is closed after a failure, in milliseconds; doubled with each in a row. */
const CLOSED = { firstMs: 60_000, maxMs: 15 * 60_000 } as const;

/**
 * So many failures that say nothing about the phone close it, too, each within this time of the
 * last.
 */
const SERIES = { failures: 3, withinMs: 10 * 60_000 } as const;

/** A longer Retry-After is taken for a mistake, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** How long after its moment a probe may lie: a later one would keep the others waiting. */
const MAX_PROBE_WAIT_MS = 60_000;

/** How long a request has the right to try a phone, from its moment, in milliseconds. */
const PROBE_RIGHT_MS = 2 * 60_000;

const REASONS = {
  offline: 'the sending phone is offline',
  'rate-limited': 'the provider limits the rate of requests',
  failed: 'the last requests have failed',
} as const;

/** What a reported failure makes of a phone; undefined if it changes nothing. */
export function afterTrouble(
  phone: PhoneState | undefined,
  { phoneTrouble: trouble }: Pick<MomentRequest, 'phoneTrouble'>,
  nowMs: number,
): PhoneChange | undefined {
  if (trouble === undefined) return undefined;
  // Requests that were out at the same time fail for the same reason, which counts once.
  if (phone !== undefined && isShut(phone) && phone.closedUntilMs > nowMs) return undefined;
  const failures = failuresInARow(phone, nowMs) + 1;
  const change = {
    reason: REASONS[trouble.kind],
    failures,
    failedAtMs: nowMs,
    probeTicket: undefined,
    probeUntilMs: undefined,
  };
  const rank = trouble.kind === 'failed' ? failures - SERIES.failures : failures - 1;
  if (rank < 0) return { ...change, closedUntilMs: 0 };
  const closedMs = Math.min(CLOSED.maxMs, CLOSED.firstMs * 2 ** Math.min(rank, 10));
  return {
    ...change,
    closedUntilMs: nowMs + Math.max(closedMs, Math.min(trouble.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)),
  };
}

function failuresInARow(phone: PhoneState | undefined, nowMs: number): number {
  if (phone === undefined) return 0;
  return isShut(phone) || nowMs - phone.failedAtMs <= SERIES.withinMs ? phone.failures : 0;
}

/** Whether a phone is not known to work: it is closed, or waits for a probe. */
export function isShut({ failures, closedUntilMs }: Pick<PhoneState, 'failures' | 'closedUntilMs'>): boolean {
  return failures > 0 && closedUntilMs > 0;
}

/**
 * Whether this request may be made from a phone, and whether it is the one that tries it. The right
 * to try it stays with a request that has missed its moment and asks for another.
 */
export function phoneGate(
  phone: PhoneState | undefined,
  { ticket, supersedes, nowMs }: Pick<MomentRequest, 'ticket' | 'supersedes'> & { readonly nowMs: number },
): PhoneGate {
  if (phone === undefined || !isShut(phone)) return { kind: 'open', isProbe: false };
  const { reason, closedUntilMs, probeTicket, probeUntilMs = 0 } = phone;
  if (closedUntilMs > nowMs) {
    return { kind: 'closed', untilMs: closedUntilMs, spreadMs: 30_000, reason };
  }
  const isFree = probeTicket === undefined || probeTicket === ticket || probeTicket === supersedes;
  if (!isFree && probeUntilMs > nowMs) {
    return {
      kind: 'closed',
      untilMs: probeUntilMs,
      spreadMs: 30_000,
      reason: `${reason}, and another message tries it`,
    };
  }
  const probe = (momentMs: number) =>
    momentMs > nowMs + MAX_PROBE_WAIT_MS
      ? undefined
      : { ...phone, probeTicket: ticket, probeUntilMs: Math.max(nowMs, momentMs) + PROBE_RIGHT_MS };
  return { kind: 'open', isProbe: true, probe };
}
