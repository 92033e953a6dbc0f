import { Command } from 'commander';
import type { SmsClient } from '../../client/sms-client.js';
import { UsageError } from '../cli-error.js';
import type { CliRun } from '../cli-run.js';
import { confirmCount } from '../confirm-count.js';
import { readFilter, withFilterOptions, type FilterFlags } from '../filter-flags.js';
import { withClient } from '../open-client.js';
import { retryMany } from './retry-many.js';
import { describeRetry, exitCodeOf } from './format-retry.js';

interface RetryFlags extends FilterFlags {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const RETRY_HELP = `
Starts the same job as a new send, ID-retry-1. It is one, however often and by however many it is asked for; if that one fails
too, it is retried as ID-retry-2. A send that may have been sent is looked for in the gateway's log first, by the
worker: it is started only if the log can be read and does not show it. That can take minutes; Ctrl-C and the same command again
are fine. A send whose time (sendAt) lies ahead keeps it. --force starts it without asking the log: the recipient may get the message twice.

With --error, all sends that ended with the code and fit the other options; at least one of --hunt, --ad, --lead, --account and --since is
needed. Of a send that was retried before, the last retry is retried, if it ended with the code; one that failed otherwise is
listed. No more are started than were counted; if there are more by now, it says so at the end.

Examples:
  npx durable-sms retry sms-6f1c…-lead-42 --dry-run
  npx durable-sms retry sms-6f1c…-lead-42
  npx durable-sms retry --error API_KEY_REQUIRED --hunt hunt-7 --since 24h

Exit codes: 0 started, was retried already, or was sent after all; 1 nobody knows whether it was sent, something could not be
reached, or its retry failed with another code, of one at least; 2 wrong command line, or a send that runs, was sent, or is not valid.`;

/** `durable-sms retry`. */
export function retryCommand(cli: CliRun): Command {
  return withFilterOptions(new Command('retry').argument('[workflowId]', 'a send that has ended'))
    .description('start a send again that has failed, never twice')
    .option('--force', 'do not ask whether it was sent')
    .option('--dry-run', 'only say what would be done')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', RETRY_HELP)
    .action((workflowId: string | undefined, flags: RetryFlags) => retry(cli, workflowId, flags));
}

async function retry(cli: CliRun, workflowId: string | undefined, flags: RetryFlags): Promise<void> {
  const filter = readFilter(flags);
  if (workflowId !== undefined) {
    if (Object.keys(filter).length > 0) throw new UsageError('Give a workflow id, or options to choose by.');
    await withClient(cli, (client) => retryOne(cli, client, workflowId, flags));
    return;
  }
  const { errorCode, huntId, adId, leadId, accountId, since } = filter;
  if (errorCode === undefined) throw new UsageError('Give a workflow id, or --error CODE.');
  if ([huntId, adId, leadId, accountId, since].every((value) => value === undefined)) {
    throw new UsageError('With --error, give one of --hunt, --ad, --lead, --account and --since.');
  }
  if (flags.force === true) {
    throw new UsageError('--force is for one send at a time: give its workflow id.');
  }
  cli.exitCode = await withClient(cli, (client) => retryMany(cli, client, { ...filter, errorCode }, flags));
}

async function retryOne(
  cli: CliRun,
  client: SmsClient,
  workflowId: string,
  flags: RetryFlags,
): Promise<void> {
  const { force = false, dryRun = false, json = false } = flags;
  if (force && !dryRun) await confirmForce(cli, client, workflowId, flags);
  const outcome = await client.retry(workflowId, {
    force,
    dryRun,
    onSettling: ({ believedFrom }) => {
      cli.say(describeSettling(believedFrom));
    },
  });
  cli.print(json ? JSON.stringify({ retryOf: workflowId, ...outcome }) : describeRetry(workflowId, outcome));
  cli.exitCode = exitCodeOf(outcome);
}

/** Asks only where there is a risk. */
async function confirmForce(
  cli: CliRun,
  client: SmsClient,
  workflowId: string,
  { yes = false }: RetryFlags,
): Promise<void> {
  const without = await client.retry(workflowId, { dryRun: true });
  const isRisk =
    without.kind === 'would-start'
      ? without.settledFirst
      : without.kind === 'refused' && without.why === 'unsettled';
  if (!isRisk) return;
  const warning =
    'The send may have been sent, and --force does not ask: the recipient may get the message twice.';
  if (yes) cli.say(warning);
  else await confirmCount(warning, 1, cli);
}

function describeSettling(believedFrom: Date): string {
  const asks = 'Whether it was sent after all: the gateway’s log is being asked, through the worker';
  return believedFrom.getTime() <= Date.now()
    ? `${asks}.`
    : `${asks}; that it does not show the message counts from ${believedFrom.toISOString()} on. The same command later asks again.`;
}
