import { withJitter } from '../domain/schedule.js';
import type { SmsResult } from '../domain/sms-job.js';
import { moment } from './moment.js';
import { pause } from './pause.js';
import type { RunStatus } from './run-status.js';
import { checkForDuplicate, type SentLogQuery } from './sent-log-check.js';

/** A message that was sent again may be there twice: looks at once, and once more after `windowMs`; says so in the result. */
export async function watchForDuplicate(
  result: SmsResult,
  context: { readonly query: SentLogQuery; readonly windowMs: number; readonly status: RunStatus },
): Promise<SmsResult> {
  const { query, windowMs, status } = context;
  for (const waitMs of [0, withJitter(windowMs, Math.random())]) {
    status.set(
      'resent',
      `Sent again and taken; the gateway’s log is asked for a second message at ${moment(Date.now() + waitMs)}.`,
    );
    if (waitMs > 0 && (await pause(waitMs))) break;
    const { possibleDuplicateOf } = await checkForDuplicate({ ...query, messageId: result.messageId });
    if (possibleDuplicateOf !== undefined) return { ...result, possibleDuplicateOf };
  }
  return result;
}
