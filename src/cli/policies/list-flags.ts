import type { Command } from 'commander';
import { omitUndefined } from '../../domain/omit-undefined.js';
import { readCount } from '../read-count.js';
import { readTime } from '../read-time.js';

/** The flags of the lists of recipients. */
export interface ListFlags {
  readonly account?: string;
  readonly to?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Adds the options of {@link ListFlags} to a command. */
export function withListOptions(command: Command): Command {
  return command
    .option('--account <id>', 'filter by account')
    .option('--to <number>', 'filter by recipient, in any usual notation')
    .option('--since <time>', 'at or after: ISO 8601, or an age such as 30m, 24h or 7d')
    .option('--until <time>', 'before: same forms as --since')
    .option('--limit <count>', 'maximum number of rows', '50')
    .option('--all', 'list all of them, page by page')
    .option('--json', 'print one JSON object per line');
}

/**
 * The filter that the flags name; the client checks its values.
 *
 * @throws UsageError
 */
export function readListFlags({ account, to, since, until, limit, all, json }: ListFlags) {
  return {
    limit: all === true ? Number.POSITIVE_INFINITY : readCount('--limit', limit),
    json: json === true,
    filter: omitUndefined({
      accountId: account,
      recipientPhone: to,
      since: readTime('--since', since),
      until: readTime('--until', until),
    }),
  };
}
