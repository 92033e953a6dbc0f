import { Command } from 'commander';
import { withClient } from './open-client.js';
import { printStatus } from './print-status.js';

/** `sms status`. */
export function statusCommand(): Command {
  return new Command('status')
    .description('where a send stands: status, code, message id')
    .argument('<workflowId>', 'what sms send printed')
    .option('--json', 'print JSON')
    .action(async (workflowId: string, { json }: { json?: boolean }) => {
      await withClient(async (client) => {
        printStatus(await client.get(workflowId).status(), json);
      });
    });
}
