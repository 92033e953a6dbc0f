import { z } from 'zod';
import { SmsError } from './errors.js';

/**
 * What a person decides about a send that is held.
 *
 * @example
 * await sms.resolve(workflowId, { sent: true, messageId: '9b1f0c4e' });
 */
export type SendDecision =
  | {
      /** It was sent: the send ends with this message. */
      readonly sent: true;
      /** The provider's id of the message, 1 to 200 printable ASCII characters. */
      readonly messageId: string;
    }
  | {
      /** Send it again, unless the provider's sent messages show it by then. */
      readonly resend: true;
    }
  | {
      /** Leave it: the send ends as SEND_OUTCOME_UNKNOWN. */
      readonly abandon: true;
    };

const sendDecisionSchema = z.union([
  z.strictObject({
    sent: z.literal(true),
    messageId: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{1,200}$/),
  }),
  z.strictObject({ resend: z.literal(true) }),
  z.strictObject({ abandon: z.literal(true) }),
]) satisfies z.ZodType<SendDecision>;

/** The name of the workflow update that takes a {@link SendDecision}. */
export const RESOLVE_SEND = 'resolveSend';

/** @throws SmsError VALIDATION_FAILED, not retried */
export function parseSendDecision(input: unknown): SendDecision {
  const parsed = sendDecisionSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SmsError('VALIDATION_FAILED', {
    message:
      'A decision must be exactly {"sent": true, "messageId": "…"}, {"resend": true} or {"abandon": true}.',
  });
}
