import type { Command } from 'commander';
import type { SmsErrorCode } from '../domain/errors.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import type { SendFilter } from '../client/send-filter.js';
import { readTime } from './read-time.js';

/** The flags that say which sends are wanted. */
export interface FilterFlags {
  readonly hunt?: string;
  readonly ad?: string;
  readonly lead?: string;
  readonly account?: string;
  readonly error?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Adds the options of {@link FilterFlags} to a command. */
export function withFilterOptions(command: Command): Command {
  return command
    .option('--hunt <id>', 'filter by hunt')
    .option('--ad <id>', 'filter by ad')
    .option('--lead <id>', 'filter by lead')
    .option('--account <id>', 'filter by account')
    .option('--error <code>', 'filter by error code, or CANCELLED, TERMINATED, TIMED_OUT')
    .option('--since <time>', 'started at or after: ISO 8601, or an age such as 30m, 24h or 7d')
    .option('--until <time>', 'started before: same forms as --since');
}

/**
 * The filter that the flags name, without those that are not given; the client checks its values.
 *
 * @throws UsageError
 */
export function readFilter({ hunt, ad, lead, account, error, since, until }: FilterFlags): SendFilter {
  return omitUndefined({
    huntId: hunt,
    adId: ad,
    leadId: lead,
    accountId: account,
    errorCode: error as SmsErrorCode | undefined,
    since: readTime('--since', since),
    until: readTime('--until', until),
  });
}
