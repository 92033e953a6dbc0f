import type { Submission } from './message-store.js';
import { formatDate } from './sent-messages-dialect.js';

/**
 * The reply to an accepted message; its note says "sent" although nothing was sent yet, as the
 * provider's does.
 */
export function acceptedReply(id: string, submission: Submission, nowMs: number) {
  return {
    result: {
      error: 0,
      sent: '1',
      id,
      note: 'sent by mobile',
      datetime: formatDate(nowMs),
      port: submission.simSlot === null ? null : String(submission.simSlot),
      send_with_whatsapp: submission.withWhatsApp ? '1' : '0',
    },
  };
}

/** The reply to an accepted message. */
export type AcceptedReply = ReturnType<typeof acceptedReply>;
