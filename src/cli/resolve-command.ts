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
A send is held when only a person can find out whether its message was sent: check the
phone, then decide. Before a resend, the run checks the provider's list of sent messages
once more and honours what it finds.

Examples:
  npx durable-sms resolve sms-6f1c…-lead-42 --sent 4f0c…   the phone shows it, with this message id
  npx durable-sms resolve sms-6f1c…-lead-42 --resend       the phone does not show it
  npx durable-sms resolve sms-6f1c…-lead-42 --abandon      end the send with SEND_OUTCOME_UNKNOWN

Exit codes: 0 decision recorded; 1 the send is not held, or could not be reached; 2 invalid
command line, or the message belongs to another send.`;

/** `durable-sms resolve`. */
export function resolveCommand(cli: CliRun): Command {
  return new Command('resolve')
    .description('decide the outcome of a held send')
    .argument('<workflowId>', 'the id that send printed')
    .option('--sent <messageId>', 'it was sent, with this message id')
    .option('--resend', 'it was not sent: send it again')
    .option('--abandon', 'end the send, its outcome unknown')
    .option('--json', 'print JSON')
    .addHelpText('after', RESOLVE_HELP)
    .action(async (workflowId: string, flags: ResolveFlags) => {
      const decision = readDecision(flags);
      await withClient(cli, async (client) => {
        await client.resolve(workflowId, decision);
        cli.print(
          flags.json === true
            ? JSON.stringify({ workflowId, decision })
            : `Recorded the decision for ${workflowId}. To check it: npx durable-sms status ${workflowId}`,
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
    throw new UsageError('Pass exactly one of --sent MESSAGE_ID, --resend and --abandon.');
  }
  return decision;
}
