import { randomBytes, randomUUID } from 'node:crypto';
import type { SmsJob, SmsOptions } from '../../src/client.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import type { SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

/**
 * What the metrics must say after {@link makeSendsOfEachKind}, beside the two runs that are left
 * open.
 */
export const EXPECTED = {
  sms_sends_total: [
    [{ outcome: 'accepted', code: 'none' }, 5],
    [{ outcome: 'failed', code: 'API_KEY_REQUIRED' }, 1],
    [{ outcome: 'failed', code: 'API_KEY_DECRYPTION_FAILED' }, 1],
    [{ outcome: 'failed', code: 'API_KEY_INVALID' }, 1],
    [{ outcome: 'failed', code: 'SEND_OUTCOME_UNKNOWN' }, 3],
    [{ outcome: 'cancelled', code: 'SEND_OUTCOME_UNKNOWN' }, 1],
  ],
  sms_requests_total: [
    [{ outcome: 'accepted', code: 'none', http_status_class: '2xx' }, 4],
    [{ outcome: 'rejected', code: 'API_KEY_INVALID' }, 1],
    [{ outcome: 'unknown', code: 'SEND_OUTCOME_UNKNOWN', http_status_class: '2xx' }, 8],
  ],
  sms_unknown_reconciled_total: [
    [{ way: 'log' }, 1],
    [{ way: 'resend' }, 1],
    [{ way: 'operator' }, 1],
    [{ way: 'abandoned' }, 1],
    [{ way: 'deadline' }, 1],
    [{ way: 'rule' }, 1],
    [{ way: 'cancelled' }, 1],
  ],
  sms_followed_total: [
    [{ delivery: 'sent' }, 1],
    [{ delivery: 'failed' }, 0],
    [{ delivery: 'unknown' }, 0],
  ],
} as const;

/**
 * Sends that end in each way that is counted; the last two stay followed and held. Returns what
 * must not be in any metric.
 */
export async function makeSendsOfEachKind(
  fixture: SendFixture,
): Promise<{ heldId: string; personal: string[] }> {
  const { client, simulator, databaseUrl } = fixture;
  const jobs: SmsJob[] = [];

  async function start(changes: Partial<SmsJob> = {}, fault?: FaultRule): Promise<string> {
    const job = fixture.job(changes);
    jobs.push(job);
    if (fault !== undefined) simulator.addFaults({ ...fault, number: job.recipientPhone, times: 1 });
    return (await client.send(job)).workflowId;
  }
  const ended = (workflowId: string) =>
    client
      .get(workflowId)
      .result()
      .then(
        () => undefined,
        () => undefined,
      );
  async function leaveUnknown(recorded: boolean, options: SmsOptions = {}): Promise<string> {
    return start({ options: { unknownChecksMs: [500], ...options } }, { kind: 'empty-200', recorded });
  }
  async function held(options: SmsOptions = {}): Promise<string> {
    const workflowId = await leaveUnknown(false, { onUnknown: 'hold', ...options });
    await statusIs(fixture, workflowId, 'held');
    return workflowId;
  }

  const otherKey = randomBytes(32).toString('hex');
  const undecryptable = await addAccount(databaseUrl, { apiKey: 'key', encryptionKey: otherKey });
  await Promise.all([
    start().then(ended),
    start({ accountId: randomUUID() }).then(ended),
    start({ accountId: undecryptable }).then(ended),
    start({}, { kind: 'http-401', recorded: false }).then(ended),
    start({ options: { follow: true, followChecksMs: [500, 2_000] } }).then(ended),
  ]);
  const followed = await start(
    { options: { follow: true } },
    { kind: 'phone-late', phoneDelayMs: 3_600_000 },
  );
  await statusIs(fixture, followed, 'accepted');
  await Promise.all([
    leaveUnknown(true).then(ended),
    leaveUnknown(false).then(ended),
    leaveUnknown(false, { onUnknown: 'fail' }).then(ended),
  ]);
  const cancelled = await leaveUnknown(false, { unknownChecksMs: [3_600_000] });
  await statusIs(fixture, cancelled, 'checking');
  await client.cancel(cancelled);
  await ended(cancelled);

  const [named, abandoned] = await Promise.all([held(), held()]);
  await client.resolve(named, { sent: true, messageId: randomUUID() });
  await client.resolve(abandoned, { abandon: true });
  const expired = await held({ expiresAt: new Date(Date.now() + 8_000).toISOString() });
  await Promise.all([named, abandoned, expired].map(ended));
  return {
    heldId: await held(),
    personal: [
      ...jobs.flatMap(({ recipientPhone, message, accountId }) => [recipientPhone, message, accountId]),
      fixture.apiKey,
      fixture.encryptionKey,
      fixture.payloadKeys.slice('test:'.length),
    ],
  };
}
