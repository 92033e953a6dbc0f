import type { Client } from '@temporalio/client';
import type { InboxesPort } from '../activities/ports.js';
import { INBOX_WORKFLOW_TYPE, inboxWorkflowIdFor, READ_INBOX } from '../domain/names.js';
import { askTemporal } from './ask-temporal.js';

/** One worker asks for an account's reading at most this often, in milliseconds. */
const ASK_EVERY_MS = 10_000;

/** The runs that read inboxes, one for each account. */
export function createInboxes(
  client: Client,
  taskQueue: string,
): InboxesPort & { ensure(accountId: string): Promise<void> } {
  /** When each account's reading was asked for last, epoch milliseconds. */
  const askedMs = new Map<string, number>();
  const options = (accountId: string) => ({
    workflowId: inboxWorkflowIdFor(accountId),
    taskQueue,
    args: [{ accountId }],
    staticSummary: `The inbox of account ${accountId}`,
  });
  return {
    async readSoon(accountId) {
      const nowMs = Date.now();
      if (nowMs - (askedMs.get(accountId) ?? -Infinity) < ASK_EVERY_MS) return;
      askedMs.set(accountId, nowMs);
      await askTemporal('ask for a reading of an inbox', async () => {
        await client.workflow.signalWithStart(INBOX_WORKFLOW_TYPE, {
          ...options(accountId),
          signal: READ_INBOX,
          signalArgs: [],
        });
      });
    },
    /** Starts the reading of an inbox, unless it is under way. */
    async ensure(accountId) {
      await askTemporal('start the reading of an inbox', async () => {
        await client.workflow.start(INBOX_WORKFLOW_TYPE, {
          ...options(accountId),
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
      });
    },
  };
}
