import { SmsError, type SmsErrorCode, type SmsHandle, type SmsRunStatus } from '../../../src/client.js';
import type { RunEnd } from '../verify/run-report.js';

/** Codes that leave open whether there is a message; all others say that there is none. */
const MAYBE_SENT: ReadonlySet<SmsErrorCode> = new Set(['SEND_OUTCOME_UNKNOWN', 'TERMINATED', 'TIMED_OUT']);

const OPEN: ReadonlySet<SmsRunStatus> = new Set(['running', 'checking', 'held']);

/**
 * How a run ended, as our own client reports it to a web app.
 *
 * @throws SmsError TEMPORAL_UNAVAILABLE
 */
export async function readRunEnd(handle: SmsHandle): Promise<RunEnd> {
  try {
    const { status } = await handle.status();
    // The result of one that has not ended would be waited for.
    if (OPEN.has(status)) return { kind: 'open' };
    const { messageId, possibleDuplicateOf } = await handle.result();
    return { kind: 'sent', messageId, saidDuplicate: possibleDuplicateOf !== undefined };
  } catch (error) {
    if (!(error instanceof SmsError) || error.code === 'TEMPORAL_UNAVAILABLE') throw error;
    const { code, details } = error;
    if (code === 'NOT_FOUND') return { kind: 'vanished' };
    if (code === 'CANCELLED') return { kind: 'cancelled', maybeSent: details.maybeSent === true };
    return { kind: 'failed', code, maybeSent: MAYBE_SENT.has(code) };
  }
}
