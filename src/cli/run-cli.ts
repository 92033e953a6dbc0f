import { Command, CommanderError } from 'commander';
import { describeCliError, EXIT } from './cli-error.js';
import { createCliRun, type CliIo, type CliOutput, type CliRun } from './cli-run.js';
import { COMMANDS } from './commands.js';
import { handleEpipe } from './handle-epipe.js';

const HELP = `
Environment: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY … (or a Temporal
profile), SMS_PAYLOAD_KEYS, SMS_TASK_QUEUE.
Exit codes: ${EXIT.ok} success, ${EXIT.failed} the send failed or a service could not be reached, ${EXIT.usage} invalid
command line, environment or job.
An error is one line on standard error, with and without --json: CODE: sentence.`;

/** Runs `durable-sms` with these arguments, to its end; returns what to exit with. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const cli = createCliRun(io);
  // For what is written without a command: help, and what is wrong with the command line.
  handleEpipe(cli, { onlyReads: false });
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    // Commander has written what it has to say. Its own exit code for a wrong command line is 1.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { exitCode, message } = describeCliError(error);
    cli.say(message);
    return exitCode;
  }
}

/** `durable-sms` and its commands. */
export function createProgram(cli: CliRun): Command {
  const program = new Command('durable-sms')
    .description('Send SMS durably: start, watch, list, cancel, resolve and retry sends.')
    .addHelpText('after', HELP)
    .configureHelp({ showGlobalOptions: true });
  for (const { create, onlyReads = false } of COMMANDS) {
    const command = create(cli);
    command.hook('preAction', () => {
      handleEpipe(cli, { onlyReads });
    });
    program.addCommand(command);
  }
  keepWithin(cli, program);
  return program;
}

/** Lets Commander write through the run, and throw where it would end the process. */
function keepWithin(cli: CliRun, command: Command): void {
  const { stdout, stderr } = cli;
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => widthOf(stdout),
    getErrHelpWidth: () => widthOf(stderr),
  });
  for (const subcommand of command.commands) keepWithin(cli, subcommand);
}

function widthOf({ isTTY, columns = 80 }: CliOutput): number {
  return isTTY === true ? columns : 80;
}
