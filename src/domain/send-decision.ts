import { z } from 'zod';
import { SmsError } from './errors.js';

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
]);

/** What an operator decides about a send that is held: it was sent, with this id; send it again; leave it. */
export type SendDecision = z.infer<typeof sendDecisionSchema>;

/** The name of the workflow update that takes a {@link SendDecision}. */
export const RESOLVE_SEND = 'resolveSend';

/** @throws SmsError VALIDATION_FAILED, not retried */
export function parseSendDecision(input: unknown): SendDecision {
  const parsed = sendDecisionSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SmsError('VALIDATION_FAILED', {
    message: 'A decision is exactly {"sent": true, "messageId": "…"}, {"resend": true} or {"abandon": true}.',
  });
}
