import type { Client } from '@temporalio/client';
import type { InboxesPort } from '../activities/ports.js';
import { INBOX_WORKFLOW_TYPE, inboxWorkflowIdFor, READ_INBOX } from '../domain/names.js';

/** The runs that read inboxes, one for each account. */
export function createInboxes(client: Client, taskQueue: string): InboxesPort {
  return {
    async readSoon(accountId) {
      await client.workflow.signalWithStart(INBOX_WORKFLOW_TYPE, {
        workflowId: inboxWorkflowIdFor(accountId),
        taskQueue,
        args: [{ accountId }],
        signal: READ_INBOX,
        signalArgs: [],
        staticSummary: 'The inbox of an account',
      });
    },
  };
}
