import { randomUUID } from 'node:crypto';
import { onDatabase } from '../db/database-fixture.js';

/** Records a granted request; its ticket ends with the minutes. */
export async function addOutreach(
  url: string,
  request: {
    readonly accountId: string;
    readonly phone: string;
    readonly minutesAgo: number;
    readonly huntId?: string;
  },
): Promise<void> {
  const { accountId, phone, minutesAgo, huntId = null } = request;
  await onDatabase(url, async (sql) => {
    await sql`
      INSERT INTO durable_sms.outreach (ticket, account_id, phone, lane, segments, at, hunt_id, purpose)
      VALUES (${`sms-${randomUUID()}/${minutesAgo}`}, ${accountId}, ${phone}, '', 1,
        ${new Date(Date.now() - minutesAgo * 60_000)}, ${huntId}, 'marketing')`;
  });
}

/** Records a reply, by default one that may be an opt-out. */
export async function addReply(
  url: string,
  reply: {
    readonly accountId: string;
    readonly id: string;
    readonly phone: string;
    readonly minutesAgo?: number;
    readonly message?: string | null;
    readonly kind?: 'message' | 'possible-opt-out';
  },
): Promise<void> {
  const { accountId, id, phone, minutesAgo = 1, message = 'Reply', kind = 'possible-opt-out' } = reply;
  await onDatabase(url, async (sql) => {
    await sql`
      INSERT INTO durable_sms.inbound_messages (account_id, provider_id, phone, message, received_at, kind)
      VALUES (${accountId}, ${id}, ${phone}, ${message}, ${new Date(Date.now() - minutesAgo * 60_000)}, ${kind})`;
  });
}
