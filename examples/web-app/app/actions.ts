'use server';

import { SmsError, type SendDecision, type SmsOptions } from 'durable-sms';
import { eq } from 'drizzle-orm';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { database } from '@/lib/database';
import { findLead, recordSend } from '@/lib/leads';
import { users } from '@/lib/schema';
import { requireRole, signInAs, signOut } from '@/lib/session';
import { sms, statusOfOwnSend } from '@/lib/sms';

/** What a form shows after it was sent in vain; what was typed stays. */
export interface FormState {
  readonly error?: string;
  readonly message?: string;
}

const Message = z.object({
  leadId: z.string().min(1),
  number: z.coerce.number().int().min(1),
  message: z.string(),
});

/**
 * Sends one SMS to a lead. The form says which send of this lead it is, and that is its idempotency
 * key: a double click, a reload, the back button and a repeated action are the same send.
 */
export async function sendMessage(_: FormState, form: FormData): Promise<FormState> {
  const session = await requireRole('sender');
  const { leadId, number, message } = Message.parse(Object.fromEntries(form));
  const { lead, latest } = await findLead(leadId, session);
  if (number > (latest?.number ?? 0) + 1)
    return { message, error: 'This form is out of date. Load the page again.' };
  try {
    const { workflowId } = await sms().send(
      {
        recipientPhone: lead.phone,
        // Browsers send line ends as CR LF, and each is a character that is billed.
        message: message.replaceAll('\r\n', '\n'),
        accountId: session.accountId,
        metadata: { huntId: lead.huntId, adId: lead.adId, leadId },
        options: { onUnknown: 'hold', follow: true, ...checksOfDemo() },
      },
      { idempotencyKey: `${leadId}-${number}` },
    );
    await recordSend({ workflowId, leadId, number });
  } catch (error) {
    if (
      error instanceof SmsError &&
      error.code === 'IDEMPOTENCY_KEY_REUSED' &&
      error.workflowId !== undefined
    ) {
      // It was started, and this process ended before it noted that.
      await recordSend({ workflowId: error.workflowId, leadId, number });
    }
    return { message, error: explain(error) };
  }
  revalidatePath(`/leads/${leadId}`);
  redirect(`/leads/${leadId}`);
}

/** The demo does not wait five minutes before it holds a send, nor 30 s for the phone. */
function checksOfDemo(): Pick<SmsOptions, 'unknownChecksMs' | 'followChecksMs'> {
  const read = (name: string) => process.env[name]?.split(',').map(Number);
  return { unknownChecksMs: read('SMS_UNKNOWN_CHECKS_MS'), followChecksMs: read('SMS_FOLLOW_CHECKS_MS') };
}

function explain(error: unknown): string {
  if (!(error instanceof SmsError)) throw error;
  switch (error.code) {
    case 'TEMPORAL_UNAVAILABLE':
      return 'Temporal does not answer. Press Send again in a moment: it stays one message.';
    case 'IDEMPOTENCY_KEY_REUSED':
      return 'Another message was sent from this form. Load the page again to write a further one.';
    default:
      return error.message;
  }
}

const Decision = z.object({
  workflowId: z.string().min(1),
  decision: z.enum(['sent', 'resend', 'abandon']),
  messageId: z.string().trim().optional(),
});

/** An operator's decision about a held send of the own account. */
export async function decide(_: FormState, form: FormData): Promise<FormState> {
  const session = await requireRole('operator');
  const { workflowId, decision, messageId = '' } = Decision.parse(Object.fromEntries(form));
  if (decision === 'sent' && messageId === '')
    return { error: 'Enter the message id that the provider shows.' };
  const decisions: Record<typeof decision, SendDecision> = {
    sent: { sent: true, messageId },
    resend: { resend: true },
    abandon: { abandon: true },
  };
  try {
    await statusOfOwnSend(workflowId, session);
    await sms().resolve(workflowId, decisions[decision]);
  } catch (error) {
    if (!(error instanceof SmsError)) throw error;
    return { error: error.message };
  }
  revalidatePath('/held');
  redirect(`/sends/${encodeURIComponent(workflowId)}`);
}

/** Signs in as one of the demo's users. */
export async function signIn(form: FormData): Promise<void> {
  const [user] = await database()
    .select()
    .from(users)
    .where(eq(users.id, z.string().parse(form.get('user'))));
  if (user === undefined) redirect('/sign-in');
  await signInAs(user.id);
  redirect(user.role === 'operator' ? '/held' : '/');
}

/** Signs out. */
export async function leave(): Promise<void> {
  await signOut();
  redirect('/sign-in');
}
