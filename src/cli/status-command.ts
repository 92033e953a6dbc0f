import { Command } from 'commander';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { printStatus } from './print-status.js';

const STATUS_HELP = `
For a send that runs: what it is doing, and what it waits for. Statuses: running, checking (maybe sent: the gateway's log is
being asked), held (maybe sent: decide with npx durable-sms resolve), sent, failed, cancelled, terminated and timed-out (maybe sent unless the reason
says otherwise: npx durable-sms retry finds out).

Examples:
  npx durable-sms status sms-6f1c…-lead-42
  npx durable-sms status sms-6f1c…-lead-42 --json | jq -r .code

Exit codes: 0 printed, however the send stands; 1 there is no such send, or Temporal cannot be reached; 2 wrong command line.`;

/** `durable-sms status`. */
export function statusCommand(cli: CliRun): Command {
  return new Command('status')
    .description('where a send stands: status, code, message id, what it waits for')
    .argument('<workflowId>', 'what send printed')
    .option('--json', 'print JSON')
    .addHelpText('after', STATUS_HELP)
    .action(async (workflowId: string, { json }: { json?: boolean }) => {
      await withClient(cli, async (client) => {
        printStatus(cli, await client.inspect(workflowId), json);
      });
    });
}
