import { sql, type SQL } from 'drizzle-orm';
import type { MomentRequest } from '../../domain/moment.js';
import type { MomentSnapshot } from '../../policies/decide-moment.js';
import type { PhoneState } from '../../policies/phone-health.js';
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
  /** Moment, phone, segments, lane. */
  readonly rows: readonly (readonly [number, string, number, string])[] | null;
  /** Phone, lane, moment. */
  readonly first_contacts: readonly (readonly [string, string, number])[] | null;
}

interface PhoneJson {
  readonly closed_until_ms: number | null;
  readonly reason: string;
  readonly failures: number;
  readonly failed_at_ms: number;
  readonly probe_ticket: string | null;
  readonly probe_until_ms: number | null;
}

/**
 * Everything that decides about a request, in one row. Of `outreach` it reads the last 24 h and
 * what lies ahead, and of each recipient the first request, both from an index.
 */
export function snapshotOf(request: MomentRequest, now: SQL): SQL {
  const { accountId, recipientPhone: phone, lane, ticket, supersedes = '', workflowId } = request;
  const recipient = { accountId, phone };
  const counted = sql`o.account_id = ${accountId} AND o.state <> 'released' AND o.ticket <> ${ticket} AND o.ticket <> ${supersedes}`;
  // A request that names no phone counts for all of them.
  const ofLane = lane === '' ? sql`true` : sql`o.lane IN (${lane}, '')`;
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
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(${epochMs(sql`o.at`)}, o.phone, o.segments, o.lane))
        FROM durable_sms.outreach o WHERE ${counted} AND ${ofLane}
        AND o.at > (SELECT ${now}) - interval '25 hours') AS rows,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.phone, f.lane, f.first_ms))
        FROM (SELECT o.phone, o.lane, ${epochMs(sql`min(o.at)`)} AS first_ms
          FROM durable_sms.outreach o WHERE ${counted} AND ${ofLane} GROUP BY o.phone, o.lane
          HAVING min(o.at) > ${now} - interval '31 days' OR max(o.at) > ${now}
          UNION SELECT o.phone, o.lane, ${epochMs(sql`min(o.at)`)}
          FROM durable_sms.outreach o WHERE ${isRecipient('o', recipient)} AND ${counted} AND ${ofLane}
          GROUP BY o.phone, o.lane) f) AS first_contacts`;
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
      rows: (row.rows ?? []).map(([at, to, segments, lane]) => ({
        at,
        phone: to,
        segments,
        lane,
        state: 'granted',
      })),
      firstContacts: (row.first_contacts ?? []).map(([to, lane, at]) => ({ phone: to, lane, at })),
    },
  };
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
