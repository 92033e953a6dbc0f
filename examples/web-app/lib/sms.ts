import 'server-only';
import { createSmsClient, SmsError, type SmsClient, type SmsStatusReport } from 'durable-sms';
import { notFound } from 'next/navigation';
import type { Session } from './session';
import { setting } from './settings';

const kept = globalThis as { sms?: SmsClient };

/**
 * The client: one for the process, which holds one connection to Temporal. On `globalThis`, because
 * Next.js loads this module more than once, and again after each hot reload.
 */
export function sms(): SmsClient {
  return (kept.sms ??= createSmsClient({
    connection: { address: setting('TEMPORAL_ADDRESS') },
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    payloadKeys: setting('SMS_PAYLOAD_KEYS'),
    taskQueue: process.env['SMS_TASK_QUEUE'] ?? 'sms',
    // People wait for the answer.
    callTimeoutMs: 5_000,
  }));
}

/**
 * The status of a send of this account; 404 for every other one. Workflow ids are easily guessed,
 * so each page and action that takes one comes through here.
 *
 * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function statusOfOwnSend(workflowId: string, session: Session): Promise<SmsStatusReport> {
  const report = await sms()
    .get(workflowId)
    .status()
    .catch((error: unknown) => {
      if (error instanceof SmsError && error.code === 'NOT_FOUND') notFound();
      throw error;
    });
  if (report.correlationIds.accountId !== session.accountId) notFound();
  return report;
}

/** Whether Temporal does not answer, which passes. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof SmsError && error.code === 'TEMPORAL_UNAVAILABLE';
}
