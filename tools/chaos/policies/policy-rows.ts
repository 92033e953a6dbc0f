import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../../src/db/driver-options.js';
import { workflowIdFor } from '../../../src/domain/names.js';
import { MAX_SENDS, plainNumber } from '../plan/plain-numbers.js';
import type { KnownOptOut } from '../verify/policies/policy-evidence.js';

/** An opt-out as it is stored. */
export type StoredOptOut = KnownOptOut & {
  /** Its confirmation was started, unless it gets none. */
  readonly isConfirming: boolean;
  /** A reply is its source. */
  readonly isByReply: boolean;
};

/** What a run reads from the tables of the policies, and what it writes there itself. */
export interface PolicyRows {
  /** Adds requests of before the run, by account: epoch milliseconds. */
  addEarlier(earlierMs: readonly (readonly number[])[]): Promise<void>;
  /** Throws while PostgreSQL is away. */
  readOptOuts(): Promise<readonly StoredOptOut[]>;
  readonly close: () => Promise<void>;
}

/** Nobody of the run has it. */
const EARLIER_RECIPIENT = plainNumber(MAX_SENDS - 1);

/** The tables of one run. */
export function openPolicyRows(databaseUrl: string, accountIds: readonly string[]): PolicyRows {
  const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1, connect_timeout: 5 });
  return {
    async addEarlier(earlierMs) {
      const rows = earlierMs.flatMap((moments, account) =>
        moments.map((atMs, index) => ({
          ticket: `earlier-${account}-${index}`,
          account_id: accountIds[account] ?? '',
          phone: EARLIER_RECIPIENT,
          lane: '',
          segments: 1,
          at: new Date(atMs),
          purpose: 'marketing',
        })),
      );
      if (rows.length > 0) await sql`INSERT INTO durable_sms.outreach ${sql(rows)}`;
    },
    async readOptOuts() {
      const rows = await sql<OptOutRow[]>`
        SELECT account_id, phone, opted_out_at, source, confirmation_workflow_id, confirmed_at
        FROM durable_sms.opt_outs`;
      return rows.map((row) => {
        const { account_id: accountId, confirmation_workflow_id: workflowId } = row;
        return {
          account: accountIds.indexOf(accountId),
          recipient: row.phone,
          // When its transaction began, which is before its commit.
          atMs: row.opted_out_at.getTime(),
          confirmationKey: workflowId?.slice(workflowIdFor(accountId, '').length),
          isConfirming: workflowId === null || row.confirmed_at !== null,
          isByReply: row.source === 'keyword',
        };
      });
    },
    close: () => sql.end({ timeout: 1 }),
  };
}

interface OptOutRow {
  readonly account_id: string;
  readonly phone: string;
  readonly opted_out_at: Date;
  readonly source: string;
  readonly confirmation_workflow_id: string | null;
  readonly confirmed_at: Date | null;
}
