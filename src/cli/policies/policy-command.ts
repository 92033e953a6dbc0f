import { Command, Option } from 'commander';
import { readAccountId } from '../../policies-client/read-fields.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../policies/sending-policy.js';
import { UsageError } from '../cli-error.js';
import type { CliRun } from '../cli-run.js';
import { notifyPolicy } from './notify-sends.js';
import { printPolicy } from './print-policy.js';
import { readPolicyFlags, type PolicyFlags } from './read-policy-flags.js';
import { assertAccounts, withPolicies } from './with-policies.js';

const SHOW_HELP = `
Example:
  npx durable-sms policy show 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e

Exit codes: 0 shown; 1 PostgreSQL could not be reached or does not allow it; 2 invalid
command line.`;

const SET_HELP = `
Changes what you name and leaves the rest. The policy holds for marketing messages only.
Sends that wait ask for their moment again: outside the new hours nothing is sent. If Temporal
cannot be reached, each does so at its moment, at the latest.
DATABASE_URL needs a role that may write to the schema durable_sms, which the worker's may
not.

Examples:
  npx durable-sms policy set 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --days mon-fri --closes 19:00
  npx durable-sms policy set 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --holidays FR-57 --per-day 150
  npx durable-sms policy set 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --reset

Exit codes: 0 set; 1 PostgreSQL could not be reached or does not allow it; 2 invalid command
line or value: nothing was changed.`;

/** `durable-sms policy …`. */
export function policyCommand(cli: CliRun): Command {
  return new Command('policy')
    .description('show and set when, and how fast, an account sends marketing messages')
    .addCommand(
      new Command('show')
        .description('show what holds for an account')
        .argument('<accountId>', 'a UUID')
        .option('--json', 'print JSON')
        .addHelpText('after', SHOW_HELP)
        .action((accountId: string, flags: { json?: boolean }) => show(cli, accountId, flags)),
    )
    .addCommand(setCommand(cli));
}

function setCommand(cli: CliRun): Command {
  return new Command('set')
    .description('change what holds for an account')
    .argument('<accountId>', 'a UUID')
    .option('--region <country>', 'the home country, two capital letters')
    .option('--time-zone <zone>', 'the time zone of recipients at home, such as Europe/Paris')
    .option('--days <days>', 'when the window opens: mon-sat, 1-6 or mon,wed,5 (1 is Monday)')
    .option('--opens <time>', "when the window opens by the recipient's clock, such as 08:30")
    .option('--closes <time>', 'when it closes, such as 20:00; up to 24:00')
    .addOption(new Option('--holidays <calendar>', 'when it stays closed').choices(['FR', 'FR-57', 'none']))
    .option('--per-minute <count>', 'most messages in any minute')
    .option('--segments-per-minute <count>', 'most segments in any minute')
    .option('--per-hour <count>', 'most messages in any hour')
    .option('--per-day <count>', 'most messages in any 24 h')
    .option('--new-recipients <count>', 'most new recipients in any 30 days')
    .option('--reset', 'go back to the defaults, apart from what you name')
    .option('--json', 'print JSON')
    .addHelpText('after', SET_HELP)
    .action((accountId: string, flags: PolicyFlags) => set(cli, accountId, flags));
}

async function show(cli: CliRun, account: string, { json }: { readonly json?: boolean }): Promise<void> {
  const accountId = readAccountId(account);
  await withPolicies(cli, async ({ policy }) => {
    printPolicy(cli, accountId, await policy.get(accountId), json);
  });
}

async function set(cli: CliRun, account: string, flags: PolicyFlags): Promise<void> {
  const accountId = readAccountId(account);
  const changes = readPolicyFlags(flags);
  const isEmpty = Object.keys(changes).length === 0;
  if (isEmpty && flags.reset !== true)
    throw new UsageError('Name at least one setting, such as --closes 19:00, or pass --reset.');
  await withPolicies(cli, async ({ policy }, store) => {
    await assertAccounts(store, [accountId]);
    const whole: Partial<SendingPolicy> =
      flags.reset === true ? Object.assign({}, DEFAULT_SENDING_POLICY, changes) : changes;
    if (isEmpty) await policy.reset(accountId);
    else await policy.set(accountId, whole);
    printPolicy(cli, accountId, await policy.get(accountId), flags.json);
    const notified = (await notifyPolicy(cli, accountId)) ?? 0;
    if (notified > 0) cli.say(`Waiting sends notified: ${notified}.`);
  });
}
