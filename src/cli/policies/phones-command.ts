import { Command } from 'commander';
import type { FailingPhone } from '../../policies-client/sms-policies.js';
import type { CliRun } from '../cli-run.js';
import { toSecond } from '../render-table.js';
import { printRows, type RowStyle } from './print-rows.js';
import { withPolicies } from './with-policies.js';

const HELP = `
Phones that are not listed work. closed: nothing is sent until the time shown; trying: one
message tries whether the phone works again, and the others wait; failing: it failed, and is
still used. any phone stands for messages that name no sending phone.

Example:
  npx durable-sms phones --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e

Exit codes: 0 listed, even if all phones work; 1 PostgreSQL could not be reached or does not
allow it; 2 invalid command line.`;

const PHONES: RowStyle<FailingPhone> = {
  nouns: ['phone does not work', 'phones do not work'],
  head: ['STATE', 'LAST FAILURE', 'CLOSED UNTIL', 'FAILURES', 'PHONE', 'ACCOUNT', 'REASON'],
  widths: [9, 22, 22, 10, 20, 38],
  toCells: ({ state, failedAt, closedUntil, failures, sendingPhone, accountId, reason }) => [
    state,
    toSecond(failedAt),
    closedUntil === undefined ? '' : toSecond(closedUntil),
    String(failures),
    sendingPhone === '' ? 'any phone' : sendingPhone,
    accountId,
    reason,
  ],
};

interface PhonesFlags {
  readonly account?: string;
  readonly json?: boolean;
}

/** `durable-sms phones`. */
export function phonesCommand(cli: CliRun): Command {
  return new Command('phones')
    .description('show which sending phones do not work, since when and why')
    .option('--account <id>', 'filter by account')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', HELP)
    .action((flags: PhonesFlags) => phones(cli, flags));
}

async function phones(cli: CliRun, { account, json = false }: PhonesFlags): Promise<void> {
  await withPolicies(cli, async (policies) => {
    const rows = await policies.phones.list({ accountId: account });
    await printRows(cli, eachOf(rows), { limit: Number.POSITIVE_INFINITY, json, style: PHONES });
  });
}

async function* eachOf<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
  await Promise.resolve();
}
