import { WORKFLOW_TYPE } from '../domain/names.js';
import { askTemporal } from './ask-temporal.js';
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

/** More runs to one number in such a time are no use of this project; reading them all would take too long. */
const MOST_RUNS = 500;

/**
 * The runs that send to a number from an account, as Temporal's visibility store lists them: shortly behind what is true.
 *
 * @throws Error if Temporal does not list them, or there are more than 500
 */
export async function listRuns(
  client: TemporalClient,
  { pageSize, ...wanted }: RunsQuery,
): Promise<{ workflowId: string; runId: string }[]> {
  const query = visibilityQuery(wanted);
  const { namespace } = client.options;
  // By run id: a run that closes while the pages are read moves down the list, and is listed twice.
  const runs = new Map<string, { workflowId: string; runId: string }>();
  let nextPageToken: Uint8Array | null = null;
  do {
    const page = await askTemporal('list the runs to a number', () =>
      client.workflowService.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken }),
    );
    for (const { execution } of page.executions) {
      const { workflowId, runId } = execution ?? {};
      if (!workflowId || !runId) throw new Error('Temporal lists a run without its ids.');
      runs.set(runId, { workflowId, runId });
    }
    if (runs.size > MOST_RUNS)
      throw new Error(`More than ${MOST_RUNS} runs to one number: too many to read.`);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return [...runs.values()];
}

function visibilityQuery({ accountId, recipientKeys, closedSinceMs }: Omit<RunsQuery, 'pageSize'>): string {
  return [
    `WorkflowType = ${quote(WORKFLOW_TYPE)}`,
    `SmsAccountId = ${quote(accountId.toLowerCase())}`,
    `SmsRecipientKey IN (${recipientKeys.map(quote).join(', ')})`,
    // Open runs, whatever their status; some visibility stores give them a CloseTime in the far future, others none.
    `(CloseTime IS NULL OR CloseTime >= ${quote(new Date(closedSinceMs).toISOString())})`,
  ].join(' AND ');
}

function quote(value: string): string {
  return `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
