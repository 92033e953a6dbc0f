import { sql, type SQL } from 'drizzle-orm';
import { SmsError } from '../../domain/errors.js';
import type { Clearance, ClearanceRequest, MomentRequest } from '../../domain/moment.js';
import {
  decideMoment,
  INBOX_FRESH_MS,
  type MomentChange,
  type MomentDecision,
} from '../../policies/decide-moment.js';
import { GRANT_VALID_MS } from '../../policies/next-moment.js';
import { isShut } from '../../policies/phone-health.js';
import { createSendingHours } from '../../policies/sending-hours.js';
import { readSendingPolicy } from '../../policies/sending-policy.js';
import type { Database } from '../database.js';
import { orUnavailable } from '../database-errors.js';
import type { LockedTransactions } from '../locked-transactions.js';
import { epochMs, isOptedOut, isRecipient, momentOf } from './expressions.js';
import { toPolicy, type PolicyJson } from './policy-json.js';
import { snapshotOf, toSnapshot, type SnapshotRow } from './snapshot.js';

/** What PostgreSQL decides. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface Policies {
  /**
   * See `decideMoment`, which also says what it throws.
   */
  reserveMoment(request: MomentRequest): Promise<Omit<MomentDecision, 'changes'>>;
  /** Gives back a grant that was not used. */
  releaseMoment(ticket: string): Promise<void>;
  /** Records that the sending phone works again. */
  openPhone(phone: { readonly accountId: string; readonly lane: string }): Promise<void>;
  /** Whether a request may be made at once. */
  clear(request: ClearanceRequest): Promise<Clearance>;
}

/** What the policies are read from and written to. */
export interface PoliciesOptions {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly transactions: Pick<LockedTransactions, 'run'>;
  /** Epoch milliseconds. @default PostgreSQL's clock, which all workers share */
  readonly now?: (() => number) | undefined;
  /** 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** How long a request may take from its clearance to its first byte, in milliseconds. */
const CLEAR_FOR_MS = 10_000;

/** Who may be written to, and when, as the schema `durable_sms` says. */
export function createPolicies({ database, transactions, ...options }: PoliciesOptions): Policies {
  const { random = Math.random } = options;
  const now = () => (options.now === undefined ? sql`pg_catalog.clock_timestamp()` : momentOf(options.now()));
  return {
    reserveMoment: (request) =>
      orUnavailable(
        transactions.run(
          `durable_sms.outreach ${request.accountId.toLowerCase()}`,
          snapshotOf(request, now()),
          (row, isHeld) => {
            const { changes, ...decided } = decideMoment(
              request,
              toSnapshot(row as unknown as SnapshotRow),
              random,
            );
            return { answer: decided, changes: changes.map((change) => toSql(request, change, isHeld)) };
          },
        ),
      ),
    async releaseMoment(ticket) {
      await orUnavailable(
        database.write(
          sql`UPDATE durable_sms.outreach SET state = 'released' WHERE ticket = ${ticket} RETURNING 1`,
        ),
      );
    },
    async openPhone({ accountId, lane }) {
      await orUnavailable(
        database.write(sql`
          UPDATE durable_sms.phones
          SET failures = 0, closed_until = NULL, probe_ticket = NULL, probe_until = NULL
          WHERE account_id = ${accountId} AND lane = ${lane} RETURNING 1`),
      );
    },
    async clear(request) {
      const beganMs = Date.now();
      const [row] = await orUnavailable(database.read<ClearanceRow>(clearanceOf(request, now())));
      if (row === undefined) throw new TypeError('A query for one row has none.');
      return readClearance(request, row, beganMs);
    },
  };
}

interface ClearanceRow {
  readonly now_ms: string;
  readonly opted_out: boolean;
  readonly undecided: boolean;
  readonly moment_ms: string | null;
  readonly state: string | null;
  readonly closed_until_ms: string | null;
  readonly failures: number | null;
  readonly probe_ticket: string | null;
  readonly inbox_read_ms: string | null;
  readonly policy: PolicyJson | null;
}

function clearanceOf(request: ClearanceRequest, now: SQL): SQL {
  const { accountId, recipientPhone, lane, ticket = '', workflowId } = request;
  return sql`
    SELECT ${epochMs(now)} AS now_ms, ${isOptedOut(workflowId)} AS opted_out,
      EXISTS (SELECT 1 FROM durable_sms.inbound_messages i WHERE ${isRecipient('i', { accountId, phone: recipientPhone })}
        AND i.kind = 'possible-opt-out' AND i.decision IS NULL) AS undecided,
      ${epochMs(sql`o.at`)} AS moment_ms, o.state, ${epochMs(sql`f.closed_until`)} AS closed_until_ms,
      f.failures, f.probe_ticket, ${epochMs(sql`b.read_at`)} AS inbox_read_ms,
      (SELECT pg_catalog.to_json(p) FROM durable_sms.sending_policies p WHERE p.account_id = ${accountId}) AS policy
    FROM (VALUES (1)) AS one
    LEFT JOIN durable_sms.opt_outs opt_out ON ${isRecipient('opt_out', { accountId, phone: recipientPhone })}
    LEFT JOIN durable_sms.outreach o ON o.ticket = ${ticket}
    LEFT JOIN durable_sms.phones f ON f.account_id = ${accountId} AND f.lane = ${lane}
    LEFT JOIN durable_sms.inboxes b ON b.account_id = ${accountId}`;
}

function readClearance(request: ClearanceRequest, row: ClearanceRow, beganMs: number): Clearance {
  if (row.opted_out) return { kind: 'opted-out' };
  const { ticket } = request;
  if (ticket === undefined) return { kind: 'clear', untilMs: beganMs + CLEAR_FOR_MS };
  const nowMs = Number(row.now_ms);
  const missed = (reason: string) => ({ kind: 'missed', reason }) as const;
  if (row.moment_ms === null || row.state === 'released') return missed('no moment was granted');
  if (row.undecided) return missed('a reply of the recipient may be an opt-out');
  const lateByMs = nowMs - Number(row.moment_ms);
  if (lateByMs > GRANT_VALID_MS) return missed('the moment that was granted has passed');
  // The policy may have changed since.
  if (!isWithinHours(Number(row.moment_ms), row.policy, request))
    return missed('the moment that was granted is outside the sending hours');
  const isClosed =
    row.failures !== null &&
    isShut({ failures: row.failures, closedUntilMs: Number(row.closed_until_ms ?? 0) });
  if (isClosed && row.probe_ticket !== ticket) return missed('the sending phone is closed');
  const isInboxRead = row.inbox_read_ms !== null && nowMs - Number(row.inbox_read_ms) <= INBOX_FRESH_MS;
  if (!isInboxRead) return missed('the account’s inbox was not read lately, and may hold an opt-out');
  // Counted by this process: how long the rest takes, from before the question on.
  const earlyByMs = Math.max(0, -lateByMs);
  return {
    kind: 'clear',
    ...(earlyByMs === 0 ? {} : { fromMs: beganMs + earlyByMs }),
    untilMs: beganMs + Math.max(0, GRANT_VALID_MS - lateByMs),
  };
}

/**
 * Whether a moment is within the hours of the policy as it is now; never for one that is not valid.
 */
function isWithinHours(
  momentMs: number,
  policy: PolicyJson | null,
  { recipientPhone, timeZone }: ClearanceRequest,
): boolean {
  try {
    const values = readSendingPolicy(policy === null ? undefined : toPolicy(policy));
    return createSendingHours(values, recipientPhone, { timeZone }).isOpen(momentMs);
  } catch (error) {
    if (error instanceof SmsError) return false;
    throw error;
  }
}

function toSql(request: MomentRequest, change: MomentChange, isHeld: SQL): SQL {
  const { accountId, lane } = request;
  switch (change.kind) {
    case 'release':
      return sql`UPDATE durable_sms.outreach SET state = 'released' WHERE ticket = ${change.ticket} AND ${isHeld}`;
    case 'grant': {
      const { ticket, recipientPhone, segments, huntId } = request;
      return sql`
        INSERT INTO durable_sms.outreach (ticket, account_id, phone, lane, segments, at, hunt_id, purpose)
        SELECT ${ticket}, ${accountId}::uuid, ${recipientPhone}, ${lane}, ${segments}::smallint,
          ${momentOf(change.momentMs)}, ${huntId === undefined ? sql`NULL` : sql`${huntId}`}, 'marketing'
        WHERE ${isHeld}
        ON CONFLICT (ticket) DO UPDATE SET at = excluded.at, state = 'granted'`;
    }
    case 'phone':
      return sql`
        INSERT INTO durable_sms.phones (account_id, lane, closed_until, reason, failures, failed_at, probe_ticket, probe_until)
        SELECT ${accountId}::uuid, ${lane}, ${orNull(change.closedUntilMs === 0 ? undefined : change.closedUntilMs)},
          ${change.reason}, ${change.failures}::integer, ${momentOf(change.failedAtMs)},
          ${change.probeTicket === undefined ? sql`NULL` : sql`${change.probeTicket}`}, ${orNull(change.probeUntilMs)}
        WHERE ${isHeld}
        ON CONFLICT (account_id, lane) DO UPDATE SET closed_until = excluded.closed_until, reason = excluded.reason,
          failures = excluded.failures, failed_at = excluded.failed_at,
          probe_ticket = excluded.probe_ticket, probe_until = excluded.probe_until`;
  }
}

function orNull(atMs: number | undefined): SQL {
  return atMs === undefined ? sql`NULL` : momentOf(atMs);
}
