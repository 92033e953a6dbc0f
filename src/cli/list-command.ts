import { Command } from 'commander';
import type { SmsListing } from '../client/list-sends.js';
import { SMS_LIST_STATUSES, type SendFilter, type SmsListStatus } from '../client/send-filter.js';
import type { SmsClient } from '../client/sms-client.js';
import type { CliRun } from './cli-run.js';
import { readFilter, withFilterOptions, type FilterFlags } from './filter-flags.js';
import { renderHead, renderRows } from './list-table.js';
import { withClient } from './open-client.js';
import { readCount } from './read-count.js';

interface ListFlags extends FilterFlags {
  readonly to?: string;
  readonly status?: string;
  readonly limit: string;
  readonly pageSize: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const LIST_HELP = `
Running sends come first, then ended ones, latest first. Filters combine with AND. The
table truncates long lead and hunt ids; --json prints them in full. The
command searches for a number by its digests and never puts the number into a query.

Statuses: ${SMS_LIST_STATUSES.join(', ')};
accepted and sent include resent. Only followed sends are ever sent: that is what their phone
says; the others stay accepted. The message of a terminated or timed-out send may have been sent:
npx durable-sms status says if it certainly was not, npx durable-sms retry finds out.

Examples:
  npx durable-sms list --hunt hunt-7 --status failed
  npx durable-sms list --error API_KEY_REQUIRED --since 24h --all --json | jq -r .workflowId
  npx durable-sms list --to '06 39 98 00 42'

Exit codes: 0 listed, even if nothing matches; 1 Temporal could not be reached; 2 invalid
command line.`;

/** `durable-sms list`. */
export function listCommand(cli: CliRun): Command {
  return withFilterOptions(new Command('list'))
    .description('list sends: status, code, times, lead, hunt, workflow id')
    .option('--to <number>', 'filter by recipient, in any usual notation')
    .option('--status <status>', 'filter by status')
    .option('--limit <count>', 'maximum number of sends', '50')
    .option('--all', 'list all sends, page by page')
    .option('--page-size <count>', 'sends fetched per request', '100')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', LIST_HELP)
    .action((flags: ListFlags) => list(cli, flags));
}

async function list(cli: CliRun, flags: ListFlags): Promise<void> {
  const { to, status, json = false, all = false } = flags;
  const filter: SendFilter = {
    ...readFilter(flags),
    to,
    status: status as SmsListStatus | undefined,
  };
  const limit = all ? Number.POSITIVE_INFINITY : readCount('--limit', flags.limit);
  const pageSize = readCount('--page-size', flags.pageSize, 1_000);
  await withClient(cli, (client) => printList(cli, client, filter, { limit, pageSize, json }));
}

async function printList(
  cli: CliRun,
  client: SmsClient,
  filter: SendFilter,
  { limit, pageSize, json }: { limit: number; pageSize: number; json: boolean },
): Promise<void> {
  const page: SmsListing[] = [];
  let [printed, isMore] = [0, false];
  const flush = () => {
    if (page.length === 0) return;
    if (!json && printed === 0) cli.print(renderHead(cli.stdout.isTTY === true));
    cli.print(json ? page.map((send) => JSON.stringify(send)).join('\n') : renderRows(page));
    printed += page.length;
    page.length = 0;
  };
  for await (const send of client.list({ ...filter, pageSize: Math.min(pageSize, limit + 1) })) {
    if (printed + page.length === limit) {
      isMore = true;
      break;
    }
    page.push(send);
    if (page.length === pageSize) flush();
  }
  flush();
  const count = `${printed} ${printed === 1 ? 'send' : 'sends'}`;
  const summary = isMore ? `${count}. More sends match: raise --limit or pass --all.` : `${count}.`;
  if (json) cli.say(summary);
  else cli.print(summary);
}
