import { Command } from 'commander';
import { describeFinding } from './audit-words.js';
import { EXIT } from './cli-error.js';
import type { CliRun } from './cli-run.js';
import { withClient } from './open-client.js';
import { readTime } from './read-time.js';

const AUDIT_HELP = `
A send whose outcome was unknown, and whose message the gateway's log did not show in time, is sent again. If the first message
turns up in the log later, the recipient may have got two. This asks the log again, through the worker; it sends nothing.

It looks at sends that were sent again by themselves, one by one. What durable-sms retry started is a send of its own: whether the message of the send
before it turned up after all is not looked at.

Example:
  npx durable-sms audit --since 7d

Exit codes: 0 listed, whatever was found; 1 a send could not be read here, or Temporal cannot be reached; 2 wrong command line.`;

/** `durable-sms audit`. */
export function auditCommand(cli: CliRun): Command {
  return new Command('audit')
    .description('list sends whose message may have gone out twice')
    .option('--since <time>', 'only sends that ended since: ISO 8601, or 30m, 24h, 7d ago')
    .option('--json', 'print one JSON object a line')
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
    for await (const finding of client.audit(from === undefined ? {} : { since: from })) {
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
      `${looked} sends were sent again; ${duplicates} may have gone out twice, ${unclear} cannot be told. Whether a retry (npx durable-sms retry) doubled the send before it was not looked at.`,
    );
  });
}
