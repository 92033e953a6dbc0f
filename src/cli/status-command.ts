import { Command } from 'commander';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { printStatus } from './print-status.js';

const STATUS_HELP = `
After the status it prints the story of the send, at most 12 lines: when it was started, what
it waited for, each request with its answer, what the provider's list of sent messages said,
what its phone made of it, how it ended. --json has all steps.

For a running send, this also shows what it is doing and what it is waiting for.

Statuses: running, checking (maybe sent: the run is checking the provider's list of sent
messages), held (maybe sent: decide with npx durable-sms resolve), accepted (by the
provider), sent (by the phone, if the send was followed), failed, cancelled, terminated and timed-out (maybe sent, unless the reason says otherwise:
npx durable-sms retry finds out).

Examples:
  npx durable-sms status sms-6f1c…-lead-42
  npx durable-sms status sms-6f1c…-lead-42 --json | jq -r .code

Exit codes: 0 printed, whatever the status; 1 the send does not exist, or Temporal could
not be reached; 2 invalid command line.`;

/** `durable-sms status`. */
export function statusCommand(cli: CliRun): Command {
  return new Command('status')
    .description('show a send: status, what it is waiting for, and its story so far')
    .argument('<workflowId>', 'the id that send printed')
    .option('--json', 'print JSON')
    .addHelpText('after', STATUS_HELP)
    .action(async (workflowId: string, { json }: { json?: boolean }) => {
      await withClient(cli, async (client) => {
        printStatus(cli, await client.inspect(workflowId), json);
      });
    });
}
