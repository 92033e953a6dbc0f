import { randomBytes, randomUUID } from 'node:crypto';
import { addAccount } from '../../tools/dev/demo-account.js';
import { onDatabase } from '../db/database-fixture.js';
import { addReply } from '../policies-client/policy-records.js';
import { OPEN_POLICY, policyRows } from '../support/policy-rows.js';
import type { SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

/** What the metrics must say of the policies after {@link makeSendsThatWait}. */
export const EXPECTED_OF_POLICIES = {
  sms_waiting: [
    [{ reason: 'phone' }, 1],
    [{ reason: 'inbox' }, 1],
    [{ reason: 'moment' }, 2],
  ],
  sms_grants_ahead: [[{}, 1]],
  sms_phones_closed: [[{}, 1]],
  sms_possible_opt_outs: [[{}, 1]],
  sms_opt_outs: [
    [{ source: 'keyword' }, 0],
    [{ source: 'operator' }, 1],
    [{ source: 'api' }, 0],
  ],
  sms_inboxes: [[{}, 1]],
} as const;

/** Marketing sends that wait for one thing each: the hours, a phone, an inbox and a decision. */
export async function makeSendsThatWait(fixture: SendFixture): Promise<{ personal: string[] }> {
  const { client, databaseUrl } = fixture;
  const rows = policyRows(databaseUrl);
  const personal: string[] = [];

  async function wait(accountId: string, prepare: (phone: string) => Promise<void>): Promise<void> {
    const job = fixture.job({ accountId, options: { purpose: 'marketing' } });
    personal.push(accountId, job.recipientPhone, job.message);
    await prepare(job.recipientPhone);
    const { workflowId } = await client.send(job);
    await statusIs(fixture, workflowId, 'waiting');
  }
  const account = async (columns: Parameters<typeof rows.setPolicy>[1] = {}) => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(accountId, Object.assign({}, OPEN_POLICY, columns));
    await rows.readInbox(accountId);
    return accountId;
  };

  const later = await account({ days: [((new Date().getUTCDay() + 2) % 7) + 1] });
  const offline = await account();
  const asked = await account();
  const unreadable = await addAccount(databaseUrl, {
    apiKey: 'key',
    encryptionKey: randomBytes(32).toString('hex'),
  });
  await rows.setPolicy(unreadable, OPEN_POLICY);
  await rows.optOut({ accountId: later, phone: '+33639989999' });
  await Promise.all([
    wait(later, () => Promise.resolve()),
    wait(unreadable, () => Promise.resolve()),
    wait(asked, (phone) => addReply(databaseUrl, { accountId: asked, id: randomUUID(), phone })),
    wait(offline, () =>
      onDatabase(databaseUrl, async (sql) => {
        await sql`
          INSERT INTO durable_sms.phones (account_id, lane, closed_until, reason, failures, failed_at)
          VALUES (${offline}, '', now() + interval '30 minutes', 'the sending phone is offline', 3, now())`;
      }),
    ),
  ]);
  return { personal };
}
