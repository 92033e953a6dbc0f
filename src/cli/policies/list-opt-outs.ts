import type { OptOut, PossibleOptOut } from '../../policies-client/sms-opt-outs.js';
import { UsageError } from '../cli-error.js';
import type { CliRun } from '../cli-run.js';
import { toSecond } from '../render-table.js';
import { readListFlags, type ListFlags } from './list-flags.js';
import { printRows, type RowStyle } from './print-rows.js';
import { withPolicies } from './with-policies.js';

/** What `opt-outs list` is asked for. */
export interface OptOutListFlags extends ListFlags {
  readonly possible?: boolean;
}

const OPT_OUTS: RowStyle<OptOut> = {
  nouns: ['opt-out', 'opt-outs'],
  head: ['OPTED OUT', 'SOURCE', 'NUMBER', 'ACCOUNT'],
  widths: [22, 10, 18],
  toCells: ({ optedOutAt, source, recipientPhone, accountId }) => [
    toSecond(optedOutAt),
    source,
    recipientPhone,
    accountId,
  ],
};

const POSSIBLE: RowStyle<PossibleOptOut> = {
  nouns: ['reply waits for a decision', 'replies wait for a decision'],
  head: ['RECEIVED', 'NUMBER', 'ACCOUNT', 'ID AND MESSAGE'],
  widths: [22, 18, 38],
  toCells: ({ receivedAt, recipientPhone, accountId, id, message = '(erased)' }) => [
    toSecond(receivedAt),
    recipientPhone,
    accountId,
    `${id}  ${message}`,
  ],
};

/** `durable-sms opt-outs list`. */
export async function listOptOuts(cli: CliRun, flags: OptOutListFlags): Promise<void> {
  const { filter, limit, json } = readListFlags(flags);
  const { accountId, recipientPhone, since, until } = filter;
  if (flags.possible === true && (since !== undefined || until !== undefined))
    throw new UsageError('--possible lists all that wait: remove --since and --until.');
  await withPolicies(cli, async ({ optOuts }) => {
    if (flags.possible !== true) await printRows(cli, optOuts.list(filter), { limit, json, style: OPT_OUTS });
    else
      await printRows(cli, optOuts.possible({ accountId, recipientPhone }), { limit, json, style: POSSIBLE });
  });
}
