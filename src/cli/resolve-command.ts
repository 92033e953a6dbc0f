import { Command } from 'commander';
import type { SendDecision } from '../domain/send-decision.js';
import { UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';

interface ResolveFlags {
  readonly sent?: string;
  readonly resend?: boolean;
  readonly abandon?: boolean;
  readonly json?: boolean;
}

const RESOLVE_HELP = `
A send is held when nobody but a person can tell whether it was sent: look at the phone, then decide.
Before anything is sent again, the gateway's log is asked once more; if it shows the message by then, that counts.

Examples:
  npx durable-sms resolve sms-6f1c…-lead-42 --sent 4f0c…   the phone shows it, with this message id
  npx durable-sms resolve sms-6f1c…-lead-42 --resend       the phone does not show it
  npx durable-sms resolve sms-6f1c…-lead-42 --abandon      end it as SEND_OUTCOME_UNKNOWN

Exit codes: 0 decided; 1 the send is not held, or could not be reached; 2 wrong command line, or a message of another send.`;

/** `durable-sms resolve`. */
export function resolveCommand(cli: CliRun): Command {
  return new Command('resolve')
    .description('decide about a send that is held')
    .argument('<workflowId>', 'what send printed')
    .option('--sent <messageId>', 'it was sent, with this message id')
    .option('--resend', 'it was not sent: send it again')
    .option('--abandon', 'leave it')
    .option('--json', 'print JSON')
    .addHelpText('after', RESOLVE_HELP)
    .action(async (workflowId: string, flags: ResolveFlags) => {
      const decision = readDecision(flags);
      await withClient(cli, async (client) => {
        await client.resolve(workflowId, decision);
        cli.print(
          flags.json === true
            ? JSON.stringify({ workflowId, decision })
            : `Decided for ${workflowId}; see: npx durable-sms status ${workflowId}`,
        );
      });
    });
}

function readDecision({ sent, resend, abandon }: ResolveFlags): SendDecision {
  const decisions: SendDecision[] = [];
  if (sent !== undefined) decisions.push({ sent: true, messageId: sent });
  if (resend === true) decisions.push({ resend: true });
  if (abandon === true) decisions.push({ abandon: true });
  const [decision] = decisions;
  if (decision === undefined || decisions.length > 1) {
    throw new UsageError('Give one of --sent MESSAGE_ID, --resend and --abandon.');
  }
  return decision;
}
