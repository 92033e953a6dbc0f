import assert from 'node:assert/strict';
import type { SmsJob } from '../../src/client.js';
import { mapConcurrently } from '../../src/domain/map-concurrently.js';
import { DEFAULT_SENDING_POLICY } from '../../src/policies/sending-policy.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { OPEN_POLICY, policyRows } from '../support/policy-rows.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { brokenLimits } from './outreach-by-force.js';
import { toRows } from './pace-at-the-phones.js';

const SENDS = 500;
const PER_MINUTE = 400;

/** As many numbers, each of which gets ten of the messages. */
const RECIPIENTS = 50;

/** How long after an opt-out a request may still be made, in milliseconds. */
const OPT_OUT_BOUND_MS = 10_000;

describe('500 marketing sends that one phone is to make at once', function () {
  this.timeout('6 minutes');
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({ ...ports, inboxes: { readSoon: () => Promise.resolve() } }),
    });
  });
  after(() => fixture.close());

  it('are made once each, none early, and stop for who opts out meanwhile', async () => {
    const { accountId, client, simulator } = fixture;
    const rows = policyRows(fixture.databaseUrl);
    await rows.setPolicy(accountId, { ...OPEN_POLICY, per_minute: PER_MINUTE });
    await rows.readInbox(accountId, Date.now() + 3_600_000);
    const jobs = Array.from({ length: SENDS }, (_, index): SmsJob => {
      const recipientPhone = `+33639987${String(index % RECIPIENTS).padStart(3, '0')}`;
      return { accountId, recipientPhone, message: `Bonjour ${index}`, options: { purpose: 'marketing' } };
    });
    const started = mapConcurrently(jobs, 20, async (job) => ({ job, sent: await client.send(job) }));
    await waitUntil('a fifth of the requests', () => simulator.requestCount() >= SENDS / 5, {
      timeoutMs: 180_000,
    });
    const gone = jobs.slice(0, 10).map(({ recipientPhone }) => recipientPhone);
    for (const phone of gone) await rows.optOut({ accountId, phone });
    const optedOutMs = Date.now();

    // Another account waits for none of this, and a transactional message for nothing at all.
    const other = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(other, OPEN_POLICY);
    await rows.readInbox(other, Date.now() + 3_600_000);
    const quick = [
      await client.send(fixture.job({ accountId: other, options: { purpose: 'marketing' } })),
      await client.send(fixture.job({ accountId })),
    ];
    for (const send of quick) assert.equal((await send.result()).success, true);
    assert.ok(simulator.requestCount() < SENDS / 2, 'they were not the last');

    const ends = await mapConcurrently(await started, 20, async ({ job, sent }) => {
      const end = await sent.result().then(
        ({ messageId }) => messageId,
        (error: unknown) => (error as { code: string }).code,
      );
      return { job, end };
    });
    const ofQueue = simulator
      .requests()
      .filter(({ fields }) => /^Bonjour \d+$/.test(fields['message'] ?? ''));
    for (const { job, end } of ends) {
      const made = ofQueue.filter(({ fields }) => fields['message'] === job.message);
      assert.equal(made.length, end === 'RECIPIENT_OPTED_OUT' ? 0 : 1, `${job.message}: ${end}`);
      assert.ok(end !== 'RECIPIENT_OPTED_OUT' || gone.includes(job.recipientPhone));
    }
    const late = ofQueue.filter(
      ({ at, fields }) =>
        gone.includes(fields['recipients'] ?? '') && Date.parse(at) > optedOutMs + OPT_OUT_BOUND_MS,
    );
    assert.deepEqual(late, []);
    assert.ok(
      ends.filter(({ end }) => end === 'RECIPIENT_OPTED_OUT').length > 10,
      'the opt-outs came in the middle',
    );

    const limits = Object.assign({}, DEFAULT_SENDING_POLICY, {
      perMinute: PER_MINUTE,
      segmentsPerMinute: 1e6,
      perHour: 1e6,
      perDay: 1e6,
      newRecipientsPer30Days: 1e6,
    });
    assert.deepEqual(brokenLimits(toRows(ofQueue), limits), []);
    // The nth request is not made before the nth moment that was granted and used.
    const moments = (await rows.grants(accountId)).filter(({ state }) => state === 'granted');
    const arrivals = ofQueue.map(({ at }) => Date.parse(at)).sort((one, next) => one - next);
    assert.equal(moments.length, arrivals.length);
    arrivals.forEach((atMs, index) => {
      assert.ok(atMs >= (moments[index]?.atMs ?? Infinity), `request ${index} was early`);
    });
  });
});
