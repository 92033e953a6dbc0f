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
Starts the same job as a new send, ID-retry-1. Repeated or concurrent commands start it
only once. If that send fails too, the next retry is ID-retry-2.

If the message may have been sent, the worker checks the provider's list of sent messages
first. The retry starts only if the list can be read and does not show the message. This
can take minutes; you can press Ctrl-C and run the same command again. --force skips the
check: the recipient may receive the message twice. A send whose sendAt is in the future
keeps it.

With --error, retries every send that ended with this code and matches the other options.
At least one of --hunt, --ad, --lead, --account and --since is required. If a send already
has retries, its last retry is retried if it ended with this code, and listed if it failed
with another. The command starts no more sends than it counted, and reports at the end if
more match by then.

Examples:
  npx durable-sms retry sms-6f1c…-lead-42 --dry-run
  npx durable-sms retry sms-6f1c…-lead-42
  npx durable-sms retry --error API_KEY_REQUIRED --hunt hunt-7 --since 24h

Exit codes: 0 started, already retried, or found to be sent; 1 at least one outcome is still
unknown, a service could not be reached, or a retry failed with another code; 2 invalid
command line, or the send is running, was sent, or is not valid.`;

/** `durable-sms retry`. */
export function retryCommand(cli: CliRun): Command {
  return withFilterOptions(new Command('retry').argument('[workflowId]', 'a send that has ended'))
    .description('retry a failed send without sending it twice')
    .option('--force', 'skip the check whether it was sent')
    .option('--dry-run', 'only report what would be done')
    .option('--yes', 'skip the confirmation')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', RETRY_HELP)
    .action((workflowId: string | undefined, flags: RetryFlags) => retry(cli, workflowId, flags));
}

async function retry(cli: CliRun, workflowId: string | undefined, flags: RetryFlags): Promise<void> {
  const filter = readFilter(flags);
  if (workflowId !== undefined) {
    if (Object.keys(filter).length > 0)
      throw new UsageError('Pass either a workflow id or filter options, not both.');
    await withClient(cli, (client) => retryOne(cli, client, workflowId, flags));
    return;
  }
  const { errorCode, huntId, adId, leadId, accountId, since } = filter;
  if (errorCode === undefined) throw new UsageError('Pass a workflow id or --error CODE.');
  if ([huntId, adId, leadId, accountId, since].every((value) => value === undefined)) {
    throw new UsageError('With --error, pass at least one of --hunt, --ad, --lead, --account and --since.');
  }
  if (flags.force === true) {
    throw new UsageError('--force applies to a single send: pass its workflow id.');
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
    onReconciling: ({ believedFrom }) => {
      cli.say(describeReconciling(believedFrom));
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
      ? without.reconciledFirst
      : without.kind === 'refused' && without.why === 'unresolved';
  if (!isRisk) return;
  const warning =
    'The message may have been sent, and --force skips the check: the recipient may receive it twice.';
  if (yes) cli.say(warning);
  else await confirmCount(warning, 1, cli);
}

function describeReconciling(believedFrom: Date): string {
  const asks = 'Checking the provider’s list of sent messages, through the worker';
  return believedFrom.getTime() <= Date.now()
    ? `${asks}.`
    : `${asks}. Its absence from the list is conclusive from ${believedFrom.toISOString()} on; run the same command then.`;
}
