import { Command } from 'commander';
import { UsageError } from './cli-error.js';
import { withClient } from './open-client.js';

const AUDIT_HELP = `
A send whose outcome was unknown, and whose message the gateway's log did not show in time, is sent again. If the first message
turns up in the log later, the recipient may have got two. This asks the log again, through the worker; it sends nothing.

Example:
  sms audit --since 2030-01-31T00:00:00Z`;

/** `sms audit`. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('list sends whose message may have gone out twice')
    .option('--since <time>', 'only sends that ended since, ISO 8601')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', AUDIT_HELP)
    .action(audit);
}

async function audit({ since, json }: { since?: string; json?: boolean }): Promise<void> {
  const from = since === undefined ? undefined : new Date(since);
  if (from !== undefined && Number.isNaN(from.getTime())) {
    throw new UsageError('--since must be a time in ISO 8601, such as 2030-01-31T00:00:00Z.');
  }
  await withClient(async (client) => {
    let [looked, duplicates, unclear] = [0, 0, 0];
    for await (const finding of client.audit(from === undefined ? {} : { since: from })) {
      looked++;
      const { workflowId, messageId, possibleDuplicateOf, unclear: why } = finding;
      if (possibleDuplicateOf !== undefined) duplicates++;
      if (why !== undefined) unclear++;
      if (json === true) console.log(JSON.stringify(finding));
      else if (possibleDuplicateOf !== undefined) {
        console.log(
          `${workflowId}: sent as ${messageId ?? 'unknown'}, and maybe before as ${possibleDuplicateOf}`,
        );
      } else if (why !== undefined) console.log(`${workflowId}: cannot be told, as ${why}`);
    }
    if (json !== true) {
      console.log(
        `${looked} sends were sent again; ${duplicates} may have gone out twice, ${unclear} cannot be told.`,
      );
    }
  });
}
