import { Command } from 'commander';
import type { Forgotten } from '../../policies-client/sms-policies.js';
import type { CliRun } from '../cli-run.js';
import { confirmCount } from '../confirm-count.js';
import { withPolicies } from './with-policies.js';

const HELP = `
Erases what the schema durable_sms knows of a number: granted requests and replies. The
requests no longer count toward the limits.
Opt-outs stay, as they keep the number from being written to. Temporal keeps encrypted jobs
until its retention ends, and provider and phone have lists of their own.
A later reply of the number is not recognised as an opt-out: if it must not be written to
again, add an opt-out first. Open sends to the number go on: cancel them first.
DATABASE_URL needs a role that may delete in the schema durable_sms, which the worker's may
not.

Examples:
  npx durable-sms forget --to '06 39 98 00 42'
  npx durable-sms forget --to +33639980042 --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --yes

Exit codes: 0 erased, or there was nothing; 1 PostgreSQL could not be reached or does not
allow it; 2 invalid command line, not confirmed, or a reply of the number waits for a
decision: nothing was erased.`;

interface ForgetFlags {
  readonly to: string;
  readonly account?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `durable-sms forget`. */
export function forgetCommand(cli: CliRun): Command {
  return new Command('forget')
    .description('erase what is stored of a number; its opt-outs stay')
    .requiredOption('--to <number>', 'the number, in any usual notation')
    .option('--account <id>', 'what this account stores; all accounts without it')
    .option('--yes', 'skip the confirmation')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((flags: ForgetFlags) => forget(cli, flags));
}

async function forget(cli: CliRun, { to, account, yes, json }: ForgetFlags): Promise<void> {
  const wanted = { recipientPhone: to, accountId: account };
  await withPolicies(cli, async (policies) => {
    const found = await policies.forget(Object.assign({ dryRun: true }, wanted));
    const count = found.outreach + found.inboundMessages;
    if (count > 0 && yes !== true) await confirmCount(`This erases ${describe(found)}`, count, cli);
    const forgotten = count === 0 ? found : await policies.forget(wanted);
    if (json === true) cli.print(JSON.stringify(forgotten));
    else if (count === 0) cli.print(`There is nothing to erase. ${describeKept(forgotten)}`);
    else cli.print(`Erased ${describe(forgotten)}`);
  });
}

function describe(forgotten: Forgotten): string {
  const { outreach, inboundMessages } = forgotten;
  return `granted requests: ${outreach}, replies: ${inboundMessages}. ${describeKept(forgotten)}`;
}

function describeKept({ keptOptOuts }: Forgotten): string {
  return keptOptOuts === 0
    ? 'The number has not opted out, and a later reply of it is not recognised as an opt-out.'
    : `Opt-outs that stay: ${keptOptOuts}.`;
}
