import type { WorkflowExecutionDescription } from '@temporalio/client';
import { SMS_STATUSES, type SmsStatus } from '../domain/names.js';

/** The search attribute `SmsStatus`, of runs that left the happy path. */
export function readSmsStatus({
  typedSearchAttributes,
}: Pick<WorkflowExecutionDescription, 'typedSearchAttributes'>): SmsStatus | undefined {
  const status = typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsStatus')?.value;
  return SMS_STATUSES.find((known) => known === status);
}

/** Where a run stands that has not ended, by its search attribute `SmsStatus`. */
export function openStatusOf(smsStatus: unknown): 'running' | 'waiting' | 'checking' | 'held' | 'accepted' {
  if (smsStatus === 'resent-accepted') return 'accepted';
  return OPEN.find((known) => known === smsStatus) ?? 'running';
}

const OPEN = ['waiting', 'checking', 'held', 'accepted'] as const;
