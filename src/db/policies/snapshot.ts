import { sql, type SQL } from 'drizzle-orm';
import type { MomentRequest } from '../../domain/moment.js';
import type { MomentSnapshot } from '../../policies/decide-moment.js';
import type { PhoneState } from '../../policies/phone-health.js';
import { DEFAULT_SENDING_POLICY } from '../../policies/sending-policy.js';
import { epochMs, isOptedOut, isRecipient } from './expressions.js';
import { toPolicy, type PolicyJson } from './policy-json.js';

/** A snapshot as the driver reads it: bigints are strings, JSON is parsed. */
export interface SnapshotRow {
  readonly now_ms: string;
  readonly has_key: boolean;
  readonly opted_out: boolean;
  readonly undecided: boolean;
  readonly policy: PolicyJson | null;
  readonly granted: { readonly at: number; readonly state: string } | null;
  readonly phone: PhoneJson | null;
  readonly inbox_read_ms: string | null;
  readonly rows: Columns<{ at: number; phone: string; segments: number; lane: string }>;
  readonly first_contacts: Columns<{ at: number; phone: string; lane: string }>;
}

/**
 * Rows as one list for each column, all of one length, null for none: PostgreSQL makes and the
 * driver reads these in half the time that a list for each row takes.
 */
type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] | null };

interface PhoneJson {
  readonly closed_until_ms: number | null;
  readonly reason: string;
  readonly failures: number;
  readonly failed_at_ms: number;
  readonly probe_ticket: string | null;
  readonly probe_until_ms: number | null;
}

/** More than a day and 30 days by what a grant may be late, see `GRANT_VALID_MS`. */
const LAST_DAY = sql`interval '25 hours'`;
const LAST_30_DAYS = sql`interval '31 days'`;

/**
 * Everything that decides about a request, in one row. Of `outreach` it reads the last 30 days and
 * what lies ahead, and of a recipient the first request, all from indexes.
 */
export function snapshotOf(request: MomentRequest, now: SQL): SQL {
  const { accountId, recipientPhone: phone, lane, ticket, workflowId } = request;
  const recipient = { accountId, phone };
  const counted = isCounted(request);
  return sql`
    SELECT ${epochMs(now)} AS now_ms,
      EXISTS (SELECT 1 FROM accounts a WHERE a.id = ${accountId} AND a.sms_api_key <> '') AS has_key,
      EXISTS (SELECT 1 FROM durable_sms.opt_outs opt_out WHERE ${isRecipient('opt_out', recipient)}
        AND ${isOptedOut(workflowId)}) AS opted_out,
      EXISTS (SELECT 1 FROM durable_sms.inbound_messages i WHERE ${isRecipient('i', recipient)} AND i.kind = 'possible-opt-out' AND i.decision IS NULL) AS undecided,
      (SELECT pg_catalog.to_json(p) FROM durable_sms.sending_policies p WHERE p.account_id = ${accountId}) AS policy,
      (SELECT pg_catalog.json_build_object('at', ${epochMs(sql`o.at`)}, 'state', o.state)
        FROM durable_sms.outreach o WHERE o.ticket = ${ticket}) AS granted,
      (SELECT pg_catalog.json_build_object('closed_until_ms', ${epochMs(sql`f.closed_until`)}, 'reason', f.reason,
          'failures', f.failures, 'failed_at_ms', ${epochMs(sql`f.failed_at`)},
          'probe_ticket', f.probe_ticket, 'probe_until_ms', ${epochMs(sql`f.probe_until`)})
        FROM durable_sms.phones f WHERE f.account_id = ${accountId} AND f.lane = ${lane}) AS phone,
      (SELECT ${epochMs(sql`b.read_at`)} FROM durable_sms.inboxes b WHERE b.account_id = ${accountId}) AS inbox_read_ms,
      (SELECT pg_catalog.json_build_object('at', pg_catalog.json_agg(${epochMs(sql`o.at`)}),
          'phone', pg_catalog.json_agg(o.phone), 'segments', pg_catalog.json_agg(o.segments), 'lane', pg_catalog.json_agg(o.lane))
        FROM durable_sms.outreach o WHERE ${counted} AND o.at > (SELECT ${now}) - ${LAST_DAY}) AS rows,
      (SELECT pg_catalog.json_build_object('at', pg_catalog.json_agg(${epochMs(sql`f.at`)}),
          'phone', pg_catalog.json_agg(f.phone), 'lane', pg_catalog.json_agg(f.lane))
        FROM (${firstContactsOf(request, now)}) f) AS first_contacts`;
}

/** Whether a row \`o\` of \`outreach\` counts beside this request. */
function isCounted({ accountId, lane, ticket, supersedes = '' }: MomentRequest): SQL {
  // A request that names no phone counts for all of them.
  const ofLane = lane === '' ? sql`true` : sql`o.lane IN (${lane}, '')`;
  return sql`o.account_id = ${accountId} AND o.state <> 'released' AND o.ticket <> ${ticket}
    AND o.ticket <> ${supersedes} AND ${ofLane}`;
}

/**
 * The first contacts that \`OutreachHistory\` asks for, without those that cannot change a moment.
 * Where fewer recipients than the limit have a request within 30 days or ahead, the limit has room
 * even if all of them are new. Else the newest that passed decide, as many as the limit allows:
 * while they count, the limit is reached without the ones before them. That holds for recipients of
 * one phone; with several, one may be new to some of them only, and all are read.
 */
function firstContactsOf(request: MomentRequest, now: SQL): SQL {
  const { accountId, recipientPhone: phone } = request;
  const counted = isCounted(request);
  return sql`
    WITH recent AS MATERIALIZED (
      SELECT o.phone, o.lane, pg_catalog.min(o.at) AS at, pg_catalog.max(o.at) > (SELECT ${now}) AS is_ahead
      FROM durable_sms.outreach o WHERE ${counted} AND o.at > (SELECT ${now}) - ${LAST_30_DAYS}
      GROUP BY o.phone, o.lane),
    allowed AS (SELECT coalesce((SELECT p.new_recipients_per_30_days FROM durable_sms.sending_policies p
      WHERE p.account_id = ${accountId}), ${DEFAULT_SENDING_POLICY.newRecipientsPer30Days}::integer) AS new_recipients)
    (SELECT r.phone, r.lane, r.at FROM recent r
      WHERE NOT r.is_ahead AND NOT EXISTS (SELECT 1 FROM durable_sms.outreach o
        WHERE ${counted} AND o.phone = r.phone AND o.lane = r.lane AND o.at < r.at)
      ORDER BY r.at DESC
      LIMIT (SELECT CASE
        WHEN (SELECT count(*) FROM recent) < a.new_recipients THEN 0
        WHEN (SELECT count(DISTINCT r.lane) FROM recent r) = 1 THEN a.new_recipients
        END FROM allowed a))
    UNION ALL SELECT r.phone, r.lane, (SELECT pg_catalog.min(o.at) FROM durable_sms.outreach o
        WHERE ${counted} AND o.phone = r.phone AND o.lane = r.lane)
      FROM recent r WHERE r.is_ahead
    UNION ALL SELECT o.phone, o.lane, pg_catalog.min(o.at) FROM durable_sms.outreach o
      WHERE ${isRecipient('o', { accountId, phone })} AND ${counted} GROUP BY o.phone, o.lane`;
}

/** A snapshot in the words of what decides. */
export function toSnapshot(row: SnapshotRow): MomentSnapshot {
  const { granted, phone, policy, inbox_read_ms: inboxReadMs } = row;
  return {
    nowMs: Number(row.now_ms),
    hasKey: row.has_key,
    isOptedOut: row.opted_out,
    isUndecided: row.undecided,
    policy: policy === null ? undefined : toPolicy(policy),
    granted:
      granted === null ? undefined : { momentMs: granted.at, isReleased: granted.state === 'released' },
    phone: phone === null ? undefined : toPhone(phone),
    inboxReadMs: inboxReadMs === null ? undefined : Number(inboxReadMs),
    history: {
      rows: toRows(row.rows).map((one) => Object.assign(one, { state: 'granted' })),
      firstContacts: toRows(row.first_contacts),
    },
  };
}

/** One object for each row. */
function toRows<Row extends object>(columns: Columns<Row>): Row[] {
  const entries = Object.entries<readonly unknown[] | null>(columns);
  const length = entries[0]?.[1]?.length ?? 0;
  return Array.from(
    { length },
    (_, index) => Object.fromEntries(entries.map(([name, values]) => [name, values?.[index]])) as Row,
  );
}

function toPhone(row: PhoneJson): PhoneState {
  return {
    closedUntilMs: row.closed_until_ms ?? 0,
    reason: row.reason,
    failures: row.failures,
    failedAtMs: row.failed_at_ms,
    probeTicket: row.probe_ticket ?? undefined,
    probeUntilMs: row.probe_until_ms ?? undefined,
  };
}
