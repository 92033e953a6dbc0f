import { WORKFLOW_TYPE } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';
import { askTemporal } from './ask-temporal.js';
import { listExecutions } from './list-executions.js';
import type { TemporalClient } from './runs-options.js';

/** Which runs are wanted. */
export interface RunsQuery {
  readonly accountId: string;
  /** The digests that the recipient's number may have. */
  readonly recipientKeys: readonly string[];
  /** Running ones, and those closed since; epoch milliseconds. */
  readonly closedSinceMs: number;
  readonly pageSize: number;
}

/**
 * No normal use starts more runs to one number in such a time; reading them all would take too
 * long.
 */
const MAX_RUNS = 500;

/**
 * The runs that send to a number from an account, as Temporal's visibility store lists them:
 * shortly behind what is true.
 *
 * @throws Error if Temporal does not list them, or there are more than 500
 */
export async function listRuns(
  client: TemporalClient,
  { pageSize, ...wanted }: RunsQuery,
): Promise<{ workflowId: string; runId: string }[]> {
  const query = visibilityQuery(wanted);
  // By run id: a run that closes while the pages are read moves down the list, and is listed twice.
  const runs = new Map<string, string>();
  await askTemporal('list the runs to a number', async () => {
    for await (const { execution } of listExecutions(client, { query, pageSize })) {
      runs.set(execution?.runId ?? '', execution?.workflowId ?? '');
      if (runs.size > MAX_RUNS) return;
    }
  });
  if (runs.size > MAX_RUNS) throw new Error(`Too many runs to one number: more than ${MAX_RUNS}.`);
  return [...runs].map(([runId, workflowId]) => {
    if (workflowId === '' || runId === '') throw new Error('Temporal listed a run without its ids.');
    return { workflowId, runId };
  });
}

function visibilityQuery({ accountId, recipientKeys, closedSinceMs }: Omit<RunsQuery, 'pageSize'>): string {
  return [
    `WorkflowType = ${quote(WORKFLOW_TYPE)}`,
    `SmsAccountId = ${quote(accountId.toLowerCase())}`,
    `SmsRecipientKey IN (${recipientKeys.map(quote).join(', ')})`,
    // Open runs, whatever their status; some visibility stores give them a CloseTime in the far
    // future, others none.
    `(CloseTime IS NULL OR CloseTime >= ${quote(new Date(closedSinceMs).toISOString())})`,
  ].join(' AND ');
}
