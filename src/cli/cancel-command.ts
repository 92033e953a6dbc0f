import { Command } from 'commander';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';

const CANCEL_HELP = `
Example:
  npx durable-sms cancel sms-6f1c…-lead-42

Exit codes: 0 asked for; 1 there is no such send, it has ended, or Temporal cannot be reached; 2 wrong command line.`;

/** `durable-sms cancel`. */
export function cancelCommand(cli: CliRun): Command {
  return new Command('cancel')
    .description('ask for a send to be cancelled; a request that is already out keeps its answer')
    .argument('<workflowId>', 'what send printed')
    .option('--json', 'print JSON')
    .addHelpText('after', CANCEL_HELP)
    .action(async (workflowId: string, { json }: { json?: boolean }) => {
      await withClient(cli, async (client) => {
        await client.cancel(workflowId);
        cli.print(
          json === true
            ? JSON.stringify({ workflowId, cancelRequested: true })
            : `Asked to cancel ${workflowId}; see: npx durable-sms status ${workflowId}`,
        );
      });
    });
}
