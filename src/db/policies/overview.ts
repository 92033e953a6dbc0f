import { sql, type SQL } from 'drizzle-orm';
import { INBOX_IDLE_AFTER_MS } from '../../domain/inbox-cadence.js';
import type { PolicyOverview } from '../../domain/policy-overview.js';
import type { Database } from '../database.js';
import { seconds } from './expressions.js';

/** Of so many accounts the sends that wait are counted: their ids are part of a query. */
const MAX_ACCOUNTS = 50;

/**
 * Reads how the policies of all accounts stand, in one query: some index entries for each account
 * that has written to people, and a count of the opt-outs.
 *
 * @throws whatever the driver throws, or an error with code POOL_TIMEOUT
 */
export async function readOverview(database: Pick<Database, 'read'>): Promise<PolicyOverview> {
  const [row] = await database.read<{ overview: OverviewJson }>(OVERVIEW);
  if (row === undefined) throw new TypeError('A query for one row has none.');
  const { overview } = row;
  return {
    optOuts: Object.assign({ keyword: 0, operator: 0, api: 0 }, overview.opt_outs),
    possibleOptOuts: overview.possible,
    grantsAhead: overview.ahead,
    phonesClosed: overview.closed,
    closedAccounts: overview.closed_accounts ?? [],
    inboxes: overview.inboxes,
    inboxesUnread: { '5m': overview.unread_5, '20m': overview.unread_20 },
    oldestReadingS: Math.max(0, overview.oldest_s ?? 0),
    unreadAccounts: overview.unread_accounts ?? [],
  };
}

/** As PostgreSQL's JSON writes it: numbers are numbers, and an aggregate of nothing is null. */
interface OverviewJson {
  readonly opt_outs: Partial<PolicyOverview['optOuts']> | null;
  readonly possible: number;
  readonly ahead: number;
  readonly closed: number;
  readonly closed_accounts: readonly string[] | null;
  readonly inboxes: number;
  readonly unread_5: number;
  readonly unread_20: number;
  readonly oldest_s: number | null;
  readonly unread_accounts: readonly string[] | null;
}

/** Each account that has written to people: one entry of the index for each. */
const WRITERS = sql`
  (SELECT account_id FROM durable_sms.outreach ORDER BY account_id LIMIT 1)
  UNION ALL
  SELECT (SELECT o.account_id FROM durable_sms.outreach o WHERE o.account_id > w.account_id
    ORDER BY o.account_id LIMIT 1) FROM writers w WHERE w.account_id IS NOT NULL`;

/** A phone that fails in the night and is not used again is not known to work, either. */
const CLOSED = sql`
  SELECT f.account_id FROM durable_sms.phones f
  WHERE f.failures > 0 AND f.closed_until > pg_catalog.now() - interval '1 hour'`;

/** Of each account: whether its inbox is to be read, and when it was. */
const INBOXES = sql`
  SELECT a.account_id, i.read_at, i.failing_since, coalesce(newest.at > pg_catalog.now() - ${seconds(INBOX_IDLE_AFTER_MS)}, false) AS active
  FROM (SELECT account_id FROM writers WHERE account_id IS NOT NULL
    UNION SELECT account_id FROM durable_sms.inboxes WHERE failing_since IS NOT NULL) a
  LEFT JOIN durable_sms.inboxes i ON i.account_id = a.account_id
  LEFT JOIN LATERAL (SELECT max(o.at) AS at FROM durable_sms.outreach o
    WHERE o.account_id = a.account_id AND o.state <> 'released') newest ON true`;

const AHEAD = sql`
  SELECT count(*) AS granted FROM writers w JOIN durable_sms.outreach o
  ON o.account_id = w.account_id AND o.at > pg_catalog.now() AND o.state <> 'released'`;

/** Of accounts that have written to nobody yet, those whose inbox failed last come first. */
const UNREAD = sql`
  SELECT account_id FROM inbox
  WHERE (active AND ${isUnread(20)}) OR (failing_since IS NOT NULL AND ${isUnread(5)})
  ORDER BY active DESC, failing_since DESC`;

const OVERVIEW = sql`
  WITH RECURSIVE writers(account_id) AS (${WRITERS}), closed AS (${CLOSED}), inbox AS (${INBOXES})
  SELECT pg_catalog.json_build_object(
    'opt_outs', (SELECT pg_catalog.json_object_agg(source, sources.count)
      FROM (SELECT source, count(*) FROM durable_sms.opt_outs GROUP BY source) sources),
    'possible', (SELECT count(*) FROM durable_sms.inbound_messages WHERE kind = 'possible-opt-out' AND decision IS NULL),
    'ahead', (${AHEAD}),
    'closed', (SELECT count(*) FROM closed),
    'closed_accounts', (${someOf(sql`SELECT DISTINCT account_id FROM closed`)}),
    'inboxes', (SELECT count(*) FROM inbox WHERE active),
    'unread_5', (SELECT count(*) FROM inbox WHERE active AND ${isUnread(5)}),
    'unread_20', (SELECT count(*) FROM inbox WHERE active AND ${isUnread(20)}),
    'oldest_s', (SELECT extract(epoch FROM pg_catalog.now() - min(coalesce(read_at, failing_since))) FROM inbox WHERE active),
    'unread_accounts', (${someOf(UNREAD)})
  ) AS overview`;

function isUnread(minutes: number): SQL {
  return sql`coalesce(read_at < pg_catalog.now() - ${seconds(minutes * 60_000)}, true)`;
}

function someOf(accounts: SQL): SQL {
  return sql`SELECT pg_catalog.json_agg(few.account_id) FROM (${accounts} LIMIT ${sql.raw(String(MAX_ACCOUNTS))}) few`;
}
