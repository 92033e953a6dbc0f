import { Command } from 'commander';
import { withClient } from './open-client.js';

/** `sms cancel`. */
export function cancelCommand(): Command {
  return new Command('cancel')
    .description('ask for a send to be cancelled; a request that is already out keeps its answer')
    .argument('<workflowId>', 'what sms send printed')
    .action(async (workflowId: string) => {
      await withClient(async (client) => {
        await client.cancel(workflowId);
        console.log(`Asked to cancel ${workflowId}; see: sms status ${workflowId}`);
      });
    });
}
