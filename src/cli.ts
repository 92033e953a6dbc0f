#!/usr/bin/env node
import { Command } from 'commander';
import { accountsCommand } from './cli/accounts-command.js';
import { auditCommand } from './cli/audit-command.js';
import { cancelCommand } from './cli/cancel-command.js';
import { describeCliError, EXIT } from './cli/cli-error.js';
import { keysCommand } from './cli/keys-command.js';
import { listCommand } from './cli/list-command.js';
import { endQuietlyWithReader } from './cli/quiet-pipe.js';
import { resolveCommand } from './cli/resolve-command.js';
import { retryCommand } from './cli/retry-command.js';
import { sendCommand } from './cli/send-command.js';
import { setupCommand } from './cli/setup-command.js';
import { statusCommand } from './cli/status-command.js';
import { watchCommand } from './cli/watch-command.js';

const HELP = `
Environment: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY … (or a Temporal profile), SMS_PAYLOAD_KEYS, SMS_TASK_QUEUE.
Exit codes: ${EXIT.ok} done, ${EXIT.failed} the send failed or something could not be reached, ${EXIT.usage} wrong command line, environment or job.
What goes wrong is one line on standard error, with and without --json: CODE: sentence.`;

const program = new Command('sms')
  .description('Sends SMS durably: starts, watches and cancels sends.')
  .addHelpText('after', HELP)
  .configureHelp({ showGlobalOptions: true });
const commands = [
  setupCommand(),
  sendCommand(),
  listCommand(),
  statusCommand(),
  watchCommand(),
  cancelCommand(),
  resolveCommand(),
  retryCommand(),
  auditCommand(),
  accountsCommand(),
  keysCommand(),
];
for (const command of commands) {
  program.addCommand(command);
}
exitWithUsageCode(program);

const ONLY_READ = ['list', 'status', 'watch', 'audit'];
program.hook('preAction', (_program, command) => {
  endQuietlyWithReader({ onlyReads: ONLY_READ.includes(command.name()) });
});

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, message } = describeCliError(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

/** Commander's own exit code for a wrong command line is 1. */
function exitWithUsageCode(command: Command): void {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  });
  for (const subcommand of command.commands) exitWithUsageCode(subcommand);
}
