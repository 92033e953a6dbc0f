import { conditionsOf, createParameters } from './conditions.js';
import type { Statements } from './statements.js';

/** What is stored of a number. */
export interface RowCounts {
  readonly outreach: number;
  readonly inboundMessages: number;
  /** These stay. */
  readonly optOuts: number;
  /** Replies that may be opt-outs, of recipients who have not opted out. */
  readonly undecided: number;
}

/**
 * Counts what is stored of a number, and with `erase` erases its requests and replies, unless a
 * reply waits for a decision: without it the number would be written to again. One statement.
 *
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export async function countOrErase(
  { run }: Pick<Statements, 'run'>,
  owner: { readonly phone: string; readonly accountId?: string | undefined },
  { erase }: { readonly erase: boolean },
): Promise<RowCounts> {
  const parameters = createParameters();
  const isOf = (alias: string) => conditionsOf(alias, owner, parameters).join(' AND ');
  const rowsOf = (table: string) =>
    erase
      ? `DELETE FROM durable_sms.${table} r WHERE ${isOf('r')} AND (SELECT n FROM undecided) = 0 RETURNING 1`
      : `SELECT 1 FROM durable_sms.${table} r WHERE ${isOf('r')}`;
  const [row] = await run<Record<keyof RowCounts, number>>(
    `WITH undecided AS (
       SELECT count(*)::integer AS n FROM durable_sms.inbound_messages i
       WHERE ${isOf('i')} AND i.kind = 'possible-opt-out' AND i.decision IS NULL
         AND NOT EXISTS (SELECT 1 FROM durable_sms.opt_outs x
           WHERE x.account_id = i.account_id AND x.phone = i.phone)
     ), outreach AS (${rowsOf('outreach')}), inbound AS (${rowsOf('inbound_messages')})
     SELECT (SELECT n FROM undecided) AS undecided,
       (SELECT count(*)::integer FROM outreach) AS outreach,
       (SELECT count(*)::integer FROM inbound) AS "inboundMessages",
       (SELECT count(*)::integer FROM durable_sms.opt_outs o WHERE ${isOf('o')}) AS "optOuts"`,
    parameters.values,
  );
  if (row === undefined) throw new TypeError('A query for one row has none.');
  return row;
}
