import { Command } from 'commander';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';

const CANCEL_HELP = `
Example:
  npx durable-sms cancel sms-6f1c…-lead-42

Exit codes: 0 cancellation requested; 1 the send does not exist or has ended, or Temporal
could not be reached; 2 invalid command line.`;

/** `durable-sms cancel`. */
export function cancelCommand(cli: CliRun): Command {
  return new Command('cancel')
    .description('request cancellation of a send; the answer to a request in flight still counts')
    .argument('<workflowId>', 'the id that send printed')
    .option('--json', 'print JSON')
    .addHelpText('after', CANCEL_HELP)
    .action(async (workflowId: string, { json }: { json?: boolean }) => {
      await withClient(cli, async (client) => {
        await client.cancel(workflowId);
        cli.print(
          json === true
            ? JSON.stringify({ workflowId, cancelRequested: true })
            : `Requested cancellation of ${workflowId}. To check it: npx durable-sms status ${workflowId}`,
        );
      });
    });
}
