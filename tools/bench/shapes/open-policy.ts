import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../../src/db/driver-options.js';

/**
 * Gives an account hours and limits that bind nothing, and an inbox that counts as read for as long
 * as anything is measured.
 */
export async function openPolicy(databaseUrl: string, accountId: string): Promise<void> {
  const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  try {
    await sql`
      INSERT INTO durable_sms.sending_policies (account_id, days, opens_at, closes_at, holidays,
        per_minute, segments_per_minute, per_hour, per_day, new_recipients_per_30_days)
      VALUES (${accountId}, '{1,2,3,4,5,6,7}', '00:00', '24:00', 'none', 60000, 999999, 999999, 999999, 999999)
      ON CONFLICT DO NOTHING`;
    await sql`
      INSERT INTO durable_sms.inboxes (account_id, read_at) VALUES (${accountId}, now() + interval '1 day')
      ON CONFLICT (account_id) DO UPDATE SET read_at = excluded.read_at`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
