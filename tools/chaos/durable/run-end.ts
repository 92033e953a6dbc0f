import { SmsError, type SmsErrorCode, type SmsHandle, type SmsRunStatus } from '../../../src/client.js';
import { omitUndefined } from '../../../src/domain/omit-undefined.js';
import type { RunEnd } from '../verify/run-report.js';

/** Codes that leave open whether there is a message; all others say that there is none. */
const MAYBE_SENT: ReadonlySet<SmsErrorCode> = new Set(['SEND_OUTCOME_UNKNOWN', 'TERMINATED', 'TIMED_OUT']);

const OPEN: ReadonlySet<SmsRunStatus> = new Set(['running', 'waiting', 'checking', 'held']);

/**
 * How a run ended, as our own client reports it to a web app.
 *
 * @throws SmsError TEMPORAL_UNAVAILABLE
 */
export async function readRunEnd(handle: SmsHandle): Promise<RunEnd> {
  try {
    const { status, delivery: known } = await handle.status();
    // The result of one that has not ended would be waited for.
    if (OPEN.has(status) || known === 'pending') return { kind: 'open' };
    const { messageId, possibleDuplicateOf, delivery, deliveryReason } = await handle.result();
    return {
      kind: 'sent',
      messageId,
      saidDuplicate: possibleDuplicateOf !== undefined,
      ...omitUndefined({ delivery, deliveryReason }),
    };
  } catch (error) {
    if (!(error instanceof SmsError) || error.code === 'TEMPORAL_UNAVAILABLE') throw error;
    const { code, details } = error;
    if (code === 'NOT_FOUND') return { kind: 'vanished' };
    if (code === 'CANCELLED') return { kind: 'cancelled', maybeSent: details.maybeSent === true };
    const { messageId } = details;
    return { kind: 'failed', code, maybeSent: MAYBE_SENT.has(code), ...omitUndefined({ messageId }) };
  }
}
