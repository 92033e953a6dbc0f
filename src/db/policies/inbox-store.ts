import { createHash } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import type { Answer, PendingOptOut, SortedInbox } from '../../domain/inbox.js';
import { INBOX_IDLE_AFTER_MS } from '../../domain/inbox-cadence.js';
import { workflowIdFor } from '../../domain/names.js';
import type { Database } from '../database.js';
import { orUnavailable } from '../database-errors.js';
import type { LockedTransactions } from '../locked-transactions.js';
import { isRecipient, momentOf, seconds } from './expressions.js';
import { createInboxReads, type InboxReads } from './inbox-state.js';

/** What is stored of the inboxes. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface InboxStore extends InboxReads {
  /** The accounts that have written to somebody in the last 30 days, or are about to. */
  activeAccounts(): Promise<readonly string[]>;
  /** Stores a reading: each answer once, and with it the opt-out that it is. */
  recordReading(accountId: string, reading: SortedInbox, options: { confirm: boolean }): Promise<void>;
  /** Records that the inbox could not be read; `reason` in a few plain words. */
  recordFailure(accountId: string, reason: string): Promise<void>;
  /** Opt-outs whose waiting sends do not know, or whose confirmation was not started. */
  pendingOptOuts(accountId: string): Promise<{
    readonly unannounced: readonly PendingOptOut[];
    readonly unconfirmed: readonly PendingOptOut[];
  }>;
  markAnnounced(accountId: string, phone: string): Promise<void>;
  markConfirmed(accountId: string, phone: string): Promise<void>;
  /** Erases the texts of answers that are older than 90 days. */
  eraseOldTexts(accountId: string): Promise<void>;
}

/** How many answers are stored in one transaction. */
const ANSWERS_AT_ONCE = 100;

/** The inboxes in the schema `durable_sms`. */
export function createInboxStore({
  database,
  transactions,
}: {
  database: Pick<Database, 'read'>;
  transactions: Pick<LockedTransactions, 'run'>;
}): InboxStore {
  /**
   * In a transaction that may write, with parameters: no number and no text is part of a statement.
   */
  const change: Change = async (accountId, changes) => {
    await orUnavailable(
      transactions.run(
        `durable_sms.inboxes ${accountId.toLowerCase()}`,
        sql`SELECT 1 AS one`,
        (_, isHeld) => ({
          changes: changes(isHeld),
          answer: undefined,
        }),
      ),
    );
  };
  return {
    async activeAccounts() {
      const rows = await orUnavailable(
        database.read<{ account_id: string }>(sql`
          SELECT DISTINCT account_id FROM durable_sms.outreach
          WHERE state <> 'released' AND at > pg_catalog.now() - ${seconds(INBOX_IDLE_AFTER_MS)}`),
      );
      return rows.map((row) => row.account_id);
    },
    ...createInboxReads(database),
    recordReading: (accountId, reading, options) => storeInParts(change, accountId, reading, options),
    recordFailure: (accountId, reason) =>
      change(accountId, (isHeld) => [
        sql`
          INSERT INTO durable_sms.inboxes (account_id, failing_since, failure)
          SELECT ${accountId}::uuid, pg_catalog.clock_timestamp(), ${reason} WHERE ${isHeld}
          ON CONFLICT (account_id) DO UPDATE SET failure = excluded.failure,
            failing_since = coalesce(inboxes.failing_since, excluded.failing_since)`,
      ]),
    async pendingOptOuts(accountId) {
      const rows = await orUnavailable(database.read<PendingRow>(pendingOf(accountId)));
      const select = (isDone: (row: PendingRow) => boolean): PendingOptOut[] =>
        rows
          .filter((row) => !isDone(row))
          .map((row) => ({ phone: row.phone, confirmationWorkflowId: row.workflow_id ?? undefined }));
      return { unannounced: select((row) => row.announced), unconfirmed: select((row) => row.confirmed) };
    },
    markAnnounced: (accountId, phone) =>
      change(accountId, (isHeld) => [mark(sql.raw('announced_at'), { accountId, phone }, isHeld)]),
    markConfirmed: (accountId, phone) =>
      change(accountId, (isHeld) => [mark(sql.raw('confirmed_at'), { accountId, phone }, isHeld)]),
    eraseOldTexts: (accountId) =>
      change(accountId, (isHeld) => [
        sql`UPDATE durable_sms.inbound_messages SET message = NULL
          WHERE account_id = ${accountId} AND message IS NOT NULL
          AND received_at < pg_catalog.now() - interval '90 days' AND ${isHeld}`,
      ]),
  };
}

type Change = (accountId: string, changes: (isHeld: SQL) => readonly SQL[]) => Promise<void>;

/** A long list must not hold one transaction for longer than it may take. */
async function storeInParts(
  change: Change,
  accountId: string,
  { answers, ...reading }: SortedInbox,
  { confirm }: { confirm: boolean },
): Promise<void> {
  for (let from = 0; from < answers.length; from += ANSWERS_AT_ONCE) {
    const some = answers.slice(from, from + ANSWERS_AT_ONCE);
    await change(accountId, (isHeld) =>
      some.map((answer) => storeAnswer(accountId, answer, { confirm, isHeld })),
    );
  }
  // The inbox counts as read once all of it is stored.
  await change(accountId, (isHeld) => storeReading(accountId, reading, isHeld));
}

function mark(column: SQL, recipient: { accountId: string; phone: string }, isHeld: SQL): SQL {
  return sql`UPDATE durable_sms.opt_outs AS o SET ${column} = pg_catalog.clock_timestamp()
    WHERE ${isRecipient('o', recipient)} AND ${isHeld}`;
}

interface PendingRow {
  readonly phone: string;
  readonly workflow_id: string | null;
  readonly announced: boolean;
  readonly confirmed: boolean;
}

function pendingOf(accountId: string): SQL {
  return sql`
    SELECT phone, confirmation_workflow_id AS workflow_id, announced_at IS NOT NULL AS announced,
      confirmation_workflow_id IS NULL OR confirmed_at IS NOT NULL AS confirmed
    FROM durable_sms.opt_outs WHERE account_id = ${accountId}
    AND (announced_at IS NULL OR (confirmation_workflow_id IS NOT NULL AND confirmed_at IS NULL))
    LIMIT 1000`;
}

function storeReading(
  accountId: string,
  { unmatched, newestMs }: Omit<SortedInbox, 'answers'>,
  isHeld: SQL,
): readonly SQL[] {
  return [
    ...unmatched.map(
      ({ providerId, receivedAtMs }) => sql`
        INSERT INTO durable_sms.unmatched_opt_outs (account_id, provider_id, received_at)
        SELECT ${accountId}::uuid, ${providerId}, ${momentOf(receivedAtMs)} WHERE ${isHeld}
        ON CONFLICT DO NOTHING`,
    ),
    sql`
      INSERT INTO durable_sms.inboxes (account_id, read_at, newest_at)
      SELECT ${accountId}::uuid, pg_catalog.clock_timestamp(),
        ${newestMs === undefined ? sql`NULL` : momentOf(newestMs)}
      WHERE ${isHeld}
      ON CONFLICT (account_id) DO UPDATE SET read_at = excluded.read_at, failing_since = NULL, failure = NULL,
        newest_at = greatest(inboxes.newest_at, excluded.newest_at)`,
  ];
}

/** One statement: the opt-out is stored with the answer that it is, or neither is. */
function storeAnswer(
  accountId: string,
  { providerId, phone, message, receivedAtMs, kind }: Answer,
  { confirm, isHeld }: { confirm: boolean; isHeld: SQL },
): SQL {
  const insert = sql`
    INSERT INTO durable_sms.inbound_messages (account_id, provider_id, phone, message, received_at, kind)
    SELECT ${accountId}::uuid, ${providerId}, ${phone}, ${message}, ${momentOf(receivedAtMs)}, ${kind}
    WHERE ${isHeld} ON CONFLICT DO NOTHING`;
  if (kind !== 'opt-out') return insert;
  const workflowId = confirm ? sql`${confirmationIdFor(accountId, providerId)}` : sql`NULL`;
  return sql`
    WITH stored AS (${insert} RETURNING account_id, phone, provider_id)
    INSERT INTO durable_sms.opt_outs (account_id, phone, source, inbound_id, confirmation_workflow_id)
    SELECT account_id, phone, 'keyword', provider_id, ${workflowId} FROM stored
    ON CONFLICT DO NOTHING`;
}

/** The send that confirms an opt-out: one for each message, whatever crashes. */
function confirmationIdFor(accountId: string, providerId: string): string {
  const digest = createHash('sha256').update(providerId).digest('hex').slice(0, 16);
  return workflowIdFor(accountId, `opt-out-${digest}`);
}
