import { Command, Option } from 'commander';
import type { CliRun } from '../cli-run.js';
import { addOptOut, decideOptOut, removeOptOut, type RecipientFlags } from './change-opt-outs.js';
import { exportOptOuts, importOptOuts, type ExportFlags, type ImportFlags } from './copy-opt-outs.js';
import { withListOptions } from './list-flags.js';
import { listOptOuts, type OptOutListFlags } from './list-opt-outs.js';

const DATABASE = `
DATABASE_URL needs a role that may write to the schema durable_sms; the worker's own may not
remove opt-outs.`;

const EXIT_CODES = `
Exit codes: 0 done, even if nothing had to change; 1 PostgreSQL could not be reached or does
not allow it, or there is no such reply; 2 invalid command line or input: nothing was
changed.`;

const ADD_HELP = `
From then on the account sends nothing to the number, and open sends to it end as
RECIPIENT_OPTED_OUT. Those that wait are notified at once; if Temporal cannot be reached, each
finds out before its next request. A process list shows the number: on a shared machine,
pass numbers to opt-outs import on standard input.
${DATABASE}
Example:
  npx durable-sms opt-outs add --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --to '06 39 98 00 42'
${EXIT_CODES}`;

const LIST_HELP = `
The newest come first. --possible lists the replies that may be opt-outs, the oldest first:
marketing messages to their senders wait until somebody confirms or dismisses each.

Examples:
  npx durable-sms opt-outs list --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --since 7d
  npx durable-sms opt-outs list --to '06 39 98 00 42' --json
  npx durable-sms opt-outs list --possible
${EXIT_CODES}`;

const IMPORT_HELP = `
Reads CSV or JSON lines, as export writes them; or a spreadsheet saved as CSV, whose first
line names the columns phone and, if you like, account_id, opted_out_at, source; or numbers
alone, one a line. It checks all lines before it writes the first, adds 500 in one
transaction, and can be repeated: what is there stays as it is.
${DATABASE}
Examples:
  npx durable-sms opt-outs import opt-outs.csv
  npx durable-sms opt-outs import --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e - < numbers.txt
${EXIT_CODES}`;

const EXPORT_HELP = `
Examples:
  npx durable-sms opt-outs export > opt-outs.csv
  npx durable-sms opt-outs export --format jsonl --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e
${EXIT_CODES}`;

const REMOVE_HELP = `
The account may write to the number again. Remove an opt-out only if the recipient asked for
it.
${DATABASE}
Example:
  npx durable-sms opt-outs remove --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e --to '06 39 98 00 42'
${EXIT_CODES}`;

const DECIDE_HELP = `
opt-outs list --possible shows the replies that wait, with their ids. confirm opts the sender
out and settles their other replies; dismiss lets messages to the sender go on.
${DATABASE}
Examples:
  npx durable-sms opt-outs confirm 84113
  npx durable-sms opt-outs dismiss 84113 --account 6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e
${EXIT_CODES}`;

/** `durable-sms opt-outs …`. */
export function optOutsCommand(cli: CliRun): Command {
  return new Command('opt-outs')
    .description('show and change who must not be written to')
    .addCommand(listCommand(cli))
    .addCommand(
      recipientCommand('add')
        .description('opt a recipient out of messages from an account')
        .addHelpText('after', ADD_HELP)
        .action((flags: RecipientFlags) => addOptOut(cli, flags)),
    )
    .addCommand(
      recipientCommand('remove')
        .description('let an account write to a recipient again')
        .addHelpText('after', REMOVE_HELP)
        .action((flags: RecipientFlags) => removeOptOut(cli, flags)),
    )
    .addCommand(importCommand(cli))
    .addCommand(exportCommand(cli))
    .addCommand(decisionCommand(cli, 'confirm', 'decide that a reply is an opt-out'))
    .addCommand(decisionCommand(cli, 'dismiss', 'decide that a reply is not an opt-out'));
}

function listCommand(cli: CliRun): Command {
  return withListOptions(new Command('list'))
    .description('list opt-outs: time, source, number, account')
    .option('--possible', 'list the replies that may be opt-outs, and wait for a decision')
    .addHelpText('after', LIST_HELP)
    .action((flags: OptOutListFlags) => listOptOuts(cli, flags));
}

function recipientCommand(name: string): Command {
  return new Command(name)
    .requiredOption('--account <id>', 'the account that writes')
    .requiredOption('--to <number>', 'the recipient, in any usual notation')
    .option('--json', 'print JSON');
}

function importCommand(cli: CliRun): Command {
  return new Command('import')
    .description('add the opt-outs of a list')
    .argument('<file>', 'CSV or JSON lines, or - for standard input')
    .option('--account <id>', 'the account of lines that name none')
    .option('--json', 'print JSON')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string, flags: ImportFlags) => importOptOuts(cli, file, flags));
}

function exportCommand(cli: CliRun): Command {
  return new Command('export')
    .description('write all opt-outs to standard output')
    .option('--account <id>', 'of this account only')
    .addOption(new Option('--format <format>', 'the form').choices(['csv', 'jsonl']).default('csv'))
    .option('--json', 'the same as --format jsonl')
    .addHelpText('after', EXPORT_HELP)
    .action((flags: ExportFlags) => exportOptOuts(cli, flags));
}

function decisionCommand(cli: CliRun, decision: 'confirm' | 'dismiss', description: string): Command {
  return new Command(decision)
    .description(description)
    .argument('<id>', 'the id of the reply')
    .option('--account <id>', 'its account, where several accounts have a reply of this id')
    .option('--json', 'print JSON')
    .addHelpText('after', DECIDE_HELP)
    .action((id: string, flags: { account?: string; json?: boolean }) =>
      decideOptOut(cli, decision, id, flags),
    );
}
