import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SmsJob } from '../../src/client.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { OPEN_POLICY, policyRows, type PolicyRows } from '../support/policy-rows.js';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { endedSend, requestsFor, statusIs } from '../support/started-sends.js';

const PURPOSES = ['transactional', 'marketing'] as const;

describe('an opt-out that comes in the middle', () => {
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  let rows: PolicyRows;
  /** What happens right before PostgreSQL is asked whether a request to this number may be made. */
  const beforeClearance = new Map<string, () => Promise<void>>();
  /** What happens while the connection for a request to this number opens. */
  const whileConnecting = new Map<string, () => Promise<void>>();
  /** How far the workers' clock is ahead, in milliseconds. */
  let aheadMs = 0;

  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        now: () => Date.now() + aheadMs,
        inboxes: { readSoon: () => Promise.resolve() },
        policies: ports.policies && {
          ...ports.policies,
          async clear(request) {
            await beforeClearance.get(request.recipientPhone)?.();
            return await ports.policies!.clear(request);
          },
        },
        provider: {
          async send(request) {
            await whileConnecting.get(request.recipientPhone)?.();
            return await ports.provider.send(request);
          },
        },
      }),
    });
    rows = policyRows(fixture.databaseUrl);
  });
  after(() => fixture.close());

  /** A job of an account of its own, whose phone no other test closes. */
  async function createJob(options: SmsJob['options'] = {}): Promise<SmsJob> {
    const accountId = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(accountId, OPEN_POLICY);
    await rows.readInbox(accountId, Date.now() + 3_600_000);
    return fixture.job({ accountId, options: { unknownChecksMs: [100, 300], ...options } });
  }
  const optOut = ({ accountId, recipientPhone: phone }: SmsJob) => rows.optOut({ accountId, phone });
  const requestsTo = (job: SmsJob) => requestsFor(fixture, { job }).length;

  for (const purpose of PURPOSES) {
    itBesideOthers(
      `of a hold ends a ${purpose} send that a person has resent, without a request`,
      async () => {
        const job = await createJob({ purpose, onUnknown: 'hold' });
        fixture.simulator.addFaults({
          kind: 'http-500',
          recorded: false,
          times: 1,
          number: job.recipientPhone,
        });
        const sent = await fixture.client.send(job);
        await statusIs(fixture, sent.workflowId, 'held');
        await optOut(job);
        await fixture.client.resolve(sent.workflowId, { resend: true });
        await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
        assert.equal(requestsTo(job), 1);
      },
    );

    itBesideOthers(`of the wait for sendAt ends a ${purpose} send without a request`, async () => {
      const job = await createJob({ purpose });
      const sent = await fixture.client.send(job, { sendAt: new Date(Date.now() + 4_000) });
      await optOut(job);
      await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(requestsTo(job), 0);
    });

    itBesideOthers(`of a start delay ends a ${purpose} send without a request`, async () => {
      const job = await createJob({ purpose });
      const workflowId = `by-hand-${randomUUID()}`;
      await fixture.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId,
        taskQueue: fixture.taskQueue,
        startDelay: '4 seconds',
        args: [job],
      });
      await optOut(job);
      await expectSmsError(fixture.client.get(workflowId).result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(requestsTo(job), 0);
    });

    itBesideOthers(`of a back-off ends a ${purpose} send without another request, unasked`, async () => {
      const job = await createJob({ purpose });
      fixture.simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 3, number: job.recipientPhone });
      const sent = await fixture.client.send(job);
      await waitUntil('a request', () => requestsTo(job) > 0);
      await optOut(job);
      const requests = requestsTo(job);
      await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(requestsTo(job), requests);
    });

    itBesideOthers(`before a reset keeps the new ${purpose} run from a request`, async () => {
      const job = await createJob({ purpose });
      fixture.simulator.addFaults({ kind: 'error-2', number: job.recipientPhone });
      const sent = await fixture.client.send(job);
      await waitUntil('a request', () => requestsTo(job) > 0);
      await optOut(job);
      const requests = requestsTo(job);
      await resetToStart(fixture.temporal, sent.workflowId);
      const error = await fixture.client
        .get(sent.workflowId)
        .result()
        .catch((cause: unknown) => cause);
      assert.ok(error instanceof Error);
      assert.equal(requestsTo(job), requests);
    });

    itBesideOthers(`before a retry ends the new ${purpose} send without a request`, async () => {
      const { accountId, options = {} } = await createJob({ purpose });
      const { job, workflowId } = await endedSend(fixture, [{ kind: 'http-400' }], { accountId, options });
      await optOut(job);
      const retried = await fixture.client.retry(workflowId);
      assert.equal(retried.kind, 'started');
      await expectSmsError(fixture.client.get(retried.workflowId).result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(requestsTo(job), 1);
    });
  }

  itBesideOthers('between the load and the request ends a marketing send', async () => {
    const job = await createJob({ purpose: 'marketing' });
    beforeClearance.set(job.recipientPhone, () => optOut(job));
    const sent = await fixture.client.send(job);
    await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
    assert.equal(requestsTo(job), 0);
  });

  itBesideOthers(
    'while the connection of a marketing send opens for longer than its grant ends it',
    async () => {
      const job = await createJob({ purpose: 'marketing' });
      whileConnecting.set(job.recipientPhone, async () => {
        await optOut(job);
        const from = Date.now();
        await waitUntil('the grant to lapse', () => Date.now() - from > 6_000);
      });
      const sent = await fixture.client.send(job);
      await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(requestsTo(job), 0);
    },
  );

  it('between a load that is older than 30 s and the request ends a transactional send', async () => {
    const job = await createJob();
    beforeClearance.set(job.recipientPhone, () => optOut(job));
    aheadMs = 31_000;
    try {
      const sent = await fixture.client.send(job);
      await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
    } finally {
      aheadMs = 0;
    }
    assert.equal(requestsTo(job), 0);
  });

  it('while the connection of a transactional send opens, more than 40 s after its load, ends it', async () => {
    const job = await createJob();
    whileConnecting.set(job.recipientPhone, async () => {
      await optOut(job);
      aheadMs = 40_001;
    });
    try {
      const sent = await fixture.client.send(job);
      await waitUntil('the connection to open', () => aheadMs > 0);
      await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
    } finally {
      aheadMs = 0;
    }
    assert.equal(requestsTo(job), 0);
  });
});
