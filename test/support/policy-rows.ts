import { onDatabase } from '../db/database-fixture.js';

/** Writes into the schema `durable_sms` what the tests are about. */
export interface PolicyRows {
  optOut(recipient: { accountId: string; phone: string; confirmationWorkflowId?: string }): Promise<void>;
  /** The inbox counts as read at this time. */
  readInbox(accountId: string, atMs?: number): Promise<void>;
  /** Columns of `sending_policies`. */
  setPolicy(accountId: string, columns: Record<string, string | number | readonly number[]>): Promise<void>;
  grants(accountId: string): Promise<readonly { ticket: string; atMs: number; state: string }[]>;
}

/** All day, on every day, and as fast as a test may be. */
export const OPEN_POLICY = {
  days: [1, 2, 3, 4, 5, 6, 7],
  opens_at: '00:00',
  closes_at: '24:00',
  holidays: 'none',
  per_minute: 6_000,
  segments_per_minute: 60_000,
  per_hour: 100_000,
  per_day: 100_000,
  new_recipients_per_30_days: 100_000,
};

/** The rows of one database. */
export function policyRows(databaseUrl: string): PolicyRows {
  return {
    optOut: ({ accountId, phone, confirmationWorkflowId }) =>
      onDatabase(databaseUrl, async (sql) => {
        await sql`
          INSERT INTO durable_sms.opt_outs (account_id, phone, source, confirmation_workflow_id)
          VALUES (${accountId}, ${phone}, 'operator', ${confirmationWorkflowId ?? null})`;
      }),
    readInbox: (accountId, atMs = Date.now()) =>
      onDatabase(databaseUrl, async (sql) => {
        await sql`
          INSERT INTO durable_sms.inboxes (account_id, read_at) VALUES (${accountId}, ${new Date(atMs)})
          ON CONFLICT (account_id) DO UPDATE SET read_at = excluded.read_at`;
      }),
    setPolicy: (accountId, columns) =>
      onDatabase(databaseUrl, async (sql) => {
        const entries = Object.entries(columns).map(([name, value]) => [
          name,
          Array.isArray(value) ? `{${value.join()}}` : value,
        ]);
        const row = { account_id: accountId, ...Object.fromEntries(entries) } as Record<string, string>;
        await sql`INSERT INTO durable_sms.sending_policies ${sql(row)}`;
      }),
    grants: (accountId) =>
      onDatabase(databaseUrl, async (sql) => {
        const rows = await sql<{ ticket: string; at: Date; state: string }[]>`
          SELECT ticket, at, state FROM durable_sms.outreach WHERE account_id = ${accountId} ORDER BY at`;
        return rows.map(({ ticket, at, state }) => ({ ticket, atMs: at.getTime(), state }));
      }),
  };
}
