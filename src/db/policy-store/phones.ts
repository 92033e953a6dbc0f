import { conditionsOf, createParameters } from './conditions.js';
import type { Statements } from './statements.js';

/** A sending phone whose last requests have failed. */
export interface FailingPhoneRow {
  readonly accountId: string;
  /** Sending phone and SIM, or '' for any phone of the account. */
  readonly lane: string;
  readonly reason: string;
  /** How often in a row it failed. */
  readonly failures: number;
  readonly failedAt: Date;
  /** Undefined: it failed, and is open. */
  readonly closedUntil: Date | undefined;
  /** Whether that time lies ahead, by PostgreSQL's clock. */
  readonly isClosed: boolean;
}

interface PhoneColumns {
  readonly account_id: string;
  readonly lane: string;
  readonly reason: string;
  readonly failures: number;
  readonly failed_at: Date;
  readonly closed_until: Date | null;
  readonly is_closed: boolean | null;
}

/**
 * The sending phones that are not known to work.
 *
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export async function listFailingPhones(
  { run }: Pick<Statements, 'run'>,
  accountId: string | undefined,
): Promise<readonly FailingPhoneRow[]> {
  const parameters = createParameters();
  const conditions = ['p.failures > 0', ...conditionsOf('p', { accountId }, parameters)];
  const rows = await run<PhoneColumns>(
    `SELECT p.account_id, p.lane, p.reason, p.failures, p.failed_at, p.closed_until,
       p.closed_until > pg_catalog.now() AS is_closed
     FROM durable_sms.phones p WHERE ${conditions.join(' AND ')} ORDER BY p.account_id, p.lane`,
    parameters.values,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    lane: row.lane,
    reason: row.reason,
    failures: row.failures,
    failedAt: row.failed_at,
    closedUntil: row.closed_until ?? undefined,
    isClosed: row.is_closed === true,
  }));
}
