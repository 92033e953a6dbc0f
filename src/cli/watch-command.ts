import { Command } from 'commander';
import type { SmsStatusReport } from '../client/sms-handle.js';
import { EXIT } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { printable } from './printable.js';

const WATCH_HELP = `
Prints a line for each change until the send ends. Ctrl-C stops watching; the send
continues.

Examples:
  npx durable-sms watch sms-6f1c…-lead-42
  npx durable-sms watch sms-6f1c…-lead-42 --json | jq -r .status

Exit codes: 0 accepted by the provider or, if followed, sent by the phone or unknown; 1 the send ended otherwise, or was not watched to
its end; 2 invalid command line.`;

/** `durable-sms watch`. */
export function watchCommand(cli: CliRun): Command {
  return new Command('watch')
    .description('follow a send until it ends')
    .argument('<workflowId>', 'the id that send printed')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', WATCH_HELP)
    .action((workflowId: string, flags: { json?: boolean }) => watch(cli, workflowId, flags));
}

async function watch(cli: CliRun, workflowId: string, { json = false }: { json?: boolean }): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => {
    cli.say(`The send continues. To check it: npx durable-sms status ${workflowId}`);
    stop.abort();
  };
  cli.signals.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  cli.exitCode = EXIT.failed;
  try {
    await withClient(cli, async (client) => {
      for await (const report of client.watch(workflowId, { signal: stop.signal })) {
        cli.print(json ? JSON.stringify({ at: new Date().toISOString(), ...report }) : describe(report));
        cli.exitCode = hasSucceeded(report) ? EXIT.ok : EXIT.failed;
      }
    });
  } finally {
    cli.signals.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** A followed send may still fail after it was accepted. */
function hasSucceeded({ status, delivery }: SmsStatusReport): boolean {
  return status === 'sent' || (status === 'accepted' && delivery !== 'pending');
}

function describe({ status, code, reason, messageId }: SmsStatusReport): string {
  const facts = [status, code, reason, messageId].filter((fact) => fact !== undefined).map(printable);
  return [`${new Date().toISOString().slice(0, 19)}Z`, ...facts].join('  ');
}
