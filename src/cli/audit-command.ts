import { Command } from 'commander';
import { describeFinding } from './format-audit.js';
import { EXIT } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { readTime } from './read-time.js';

const AUDIT_HELP = `
After an unknown outcome, a send resends its message if the provider's list of sent
messages does not show it in time. If the first message appears in the list later, the
recipient may have received two. This command reads the list again, through the worker,
and reports such sends. It sends nothing.

It checks the sends that resent their message automatically. A retry made with
durable-sms retry is a send of its own: this command does not check whether the message
of the retried send appeared later.

Example:
  npx durable-sms audit --since 7d

Exit codes: 0 listed, with or without findings; 1 a send could not be read, or Temporal
could not be reached; 2 invalid command line.`;

/** `durable-sms audit`. */
export function auditCommand(cli: CliRun): Command {
  return new Command('audit')
    .description('list sends whose message may have been sent twice')
    .option('--since <time>', 'only sends that ended since: ISO 8601, or an age such as 30m, 24h or 7d')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', AUDIT_HELP)
    .action((flags: AuditFlags) => audit(cli, flags));
}

interface AuditFlags {
  readonly since?: string;
  readonly json?: boolean;
}

async function audit(cli: CliRun, { since, json }: AuditFlags): Promise<void> {
  const from = readTime('--since', since);
  await withClient(cli, async (client) => {
    let [looked, duplicates, unclear, isUnreadable] = [0, 0, 0, false];
    for await (const finding of client.audit({ since: from })) {
      looked++;
      if (finding.possibleDuplicateOf !== undefined) duplicates++;
      if (finding.unclear !== undefined) unclear++;
      if (finding.unreadable === true) isUnreadable = true;
      const line = json === true ? JSON.stringify(finding) : describeFinding(finding);
      if (line !== undefined) cli.print(line);
    }
    if (isUnreadable) cli.exitCode = EXIT.failed;
    if (json === true) return;
    cli.print(
      `Resent sends checked: ${looked}. Possible duplicates: ${duplicates}. Undetermined: ${unclear}. Retries made with npx durable-sms retry are not checked.`,
    );
  });
}
