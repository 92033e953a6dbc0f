import { Command } from 'commander';
import type { Outreach } from '../../policies-client/sms-policies.js';
import type { CliRun } from '../cli-run.js';
import { toSecond } from '../render-table.js';
import { readListFlags, withListOptions, type ListFlags } from './list-flags.js';
import { printRows, type RowStyle } from './print-rows.js';
import { withPolicies } from './with-policies.js';

const LIST_HELP = `
Marketing requests only, the latest first: transactional messages are not counted. A request
is listed from the moment it is granted; released means that it was not made, and counts for
nothing. The ticket begins with the workflow id of the send.

Examples:
  npx durable-sms outreach list --hunt hunt-7 --all --json | jq -r .recipientPhone
  npx durable-sms outreach list --to '06 39 98 00 42'

Exit codes: 0 listed, even if nothing matches; 1 PostgreSQL could not be reached or does not
allow it; 2 invalid command line.`;

const OUTREACH: RowStyle<Outreach> = {
  nouns: ['request', 'requests'],
  head: ['AT', 'STATE', 'SEGMENTS', 'NUMBER', 'HUNT', 'TICKET'],
  widths: [22, 10, 10, 18, 24],
  toCells: ({ at, state, segments, recipientPhone, huntId = '', ticket }) => [
    toSecond(at),
    state,
    String(segments),
    recipientPhone,
    huntId,
    ticket,
  ],
};

interface OutreachFlags extends ListFlags {
  readonly hunt?: string;
}

/** `durable-sms outreach …`. */
export function outreachCommand(cli: CliRun): Command {
  return new Command('outreach').description('show who was written to').addCommand(
    withListOptions(new Command('list'))
      .description('list granted marketing requests: time, state, number, hunt, ticket')
      .option('--hunt <id>', 'filter by hunt')
      .addHelpText('after', LIST_HELP)
      .action((flags: OutreachFlags) => list(cli, flags)),
  );
}

async function list(cli: CliRun, { hunt, ...flags }: OutreachFlags): Promise<void> {
  const { filter, limit, json } = readListFlags(flags);
  await withPolicies(cli, async ({ outreach }) => {
    const rows = outreach.list(Object.assign({ huntId: hunt }, filter));
    await printRows(cli, rows, { limit, json, style: OUTREACH });
  });
}
