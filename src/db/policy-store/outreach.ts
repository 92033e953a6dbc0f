import { conditionsOf, createParameters, where, type RowOwner } from './conditions.js';
import { readPages } from './read-pages.js';
import type { Statements } from './statements.js';

/** A granted marketing request. */
export interface OutreachRow {
  /** Workflow id, run and request. */
  readonly ticket: string;
  readonly accountId: string;
  readonly phone: string;
  /** Sending phone and SIM, or '' for any phone of the account. */
  readonly lane: string;
  readonly segments: number;
  readonly at: Date;
  readonly huntId: string | undefined;
  readonly purpose: string;
  readonly state: 'granted' | 'released';
}

/** Which requests are wanted. */
export interface OutreachRowFilter extends RowOwner {
  readonly huntId?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

interface OutreachColumns {
  readonly ticket: string;
  readonly account_id: string;
  readonly phone: string;
  readonly lane: string;
  readonly segments: number;
  readonly at: Date;
  readonly hunt_id: string | null;
  readonly purpose: string;
  readonly state: 'granted' | 'released';
}

/**
 * The granted marketing requests, the latest first.
 *
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export function listOutreach(
  { run }: Pick<Statements, 'run'>,
  { huntId, since, until, ...owner }: OutreachRowFilter,
  pageSize: number,
): AsyncGenerator<OutreachRow> {
  return readPages(async (after) => {
    const parameters = createParameters();
    const moment = (at: Date) => parameters.add(at.toISOString(), 'timestamptz');
    const conditions = [
      ...conditionsOf('o', owner, parameters),
      ...(huntId === undefined ? [] : [`o.hunt_id = ${parameters.add(huntId, 'text')}`]),
      ...(since === undefined ? [] : [`o.at >= ${moment(since)}`]),
      ...(until === undefined ? [] : [`o.at < ${moment(until)}`]),
      ...(after === undefined
        ? []
        : [`(o.at, o.ticket) < (${moment(after.at)}, ${parameters.add(after.ticket, 'text')})`]),
    ];
    const rows = await run<OutreachColumns>(
      `SELECT o.ticket, o.account_id, o.phone, o.lane, o.segments, o.at, o.hunt_id, o.purpose, o.state
       FROM durable_sms.outreach o ${where(conditions)}
       ORDER BY o.at DESC, o.ticket DESC LIMIT ${parameters.add(pageSize, 'integer')}`,
      parameters.values,
    );
    return rows.map(({ account_id: accountId, hunt_id: huntOf, ...row }) => ({
      ticket: row.ticket,
      accountId,
      phone: row.phone,
      lane: row.lane,
      segments: row.segments,
      at: row.at,
      huntId: huntOf ?? undefined,
      purpose: row.purpose,
      state: row.state,
    }));
  }, pageSize);
}
