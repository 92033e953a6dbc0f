import { sql, type SQL } from 'drizzle-orm';
import type { OutreachTimes } from '../../domain/inbox-cadence.js';
import type { InboxState } from '../../domain/inbox.js';
import type { Database } from '../database.js';
import { orUnavailable } from '../database-errors.js';
import { epochMs } from './expressions.js';

/** What is known before a reading. Both methods throw SmsError DATABASE_UNAVAILABLE. */
export interface InboxReads {
  find(accountId: string): Promise<InboxState>;
  /** The part of it that says when the next reading is due, at little cost. */
  findTimes(accountId: string): Promise<OutreachTimes>;
}

/** Reads what is known of an inbox. */
export function createInboxReads(database: Pick<Database, 'read'>): InboxReads {
  return {
    async find(accountId) {
      const [row] = await orUnavailable(database.read<StateRow>(stateOf(accountId)));
      return {
        lastMs: toNumber(row?.last_ms),
        nextMs: toNumber(row?.next_ms),
        newestMs: toNumber(row?.newest_ms),
        region: row?.region ?? 'FR',
        phones: row?.phones ?? [],
      };
    },
    async findTimes(accountId) {
      const [row] = await orUnavailable(database.read<TimesRow>(sql`SELECT ${timesOf(accountId)}`));
      return { lastMs: toNumber(row?.last_ms), nextMs: toNumber(row?.next_ms) };
    },
  };
}

/** Bigints, which the driver reads as strings. */
interface TimesRow {
  readonly last_ms: string | null;
  readonly next_ms: string | null;
}

interface StateRow extends TimesRow {
  readonly newest_ms: string | null;
  readonly region: string | null;
  readonly phones: readonly string[] | null;
}

function grantedTo(accountId: string): SQL {
  return sql`FROM durable_sms.outreach o WHERE o.account_id = ${accountId} AND o.state <> 'released'`;
}

/** Each is one entry of the index on account and moment. */
function timesOf(accountId: string): SQL {
  const granted = grantedTo(accountId);
  return sql`${epochMs(sql`(SELECT max(o.at) ${granted} AND o.at <= pg_catalog.now())`)} AS last_ms,
      ${epochMs(sql`(SELECT min(o.at) ${granted} AND o.at > pg_catalog.now())`)} AS next_ms`;
}

function stateOf(accountId: string): SQL {
  return sql`
    SELECT ${timesOf(accountId)},
      ${epochMs(sql`(SELECT b.newest_at FROM durable_sms.inboxes b WHERE b.account_id = ${accountId})`)} AS newest_ms,
      (SELECT p.region FROM durable_sms.sending_policies p WHERE p.account_id = ${accountId}) AS region,
      (SELECT pg_catalog.json_agg(DISTINCT o.phone) ${grantedTo(accountId)}) AS phones`;
}

function toNumber(bigint: string | null | undefined): number | undefined {
  return bigint === null || bigint === undefined ? undefined : Number(bigint);
}
