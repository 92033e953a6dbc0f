import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SmsError } from '../../src/domain/errors.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import type { SmsJob } from '../../src/client.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { statusIs } from '../support/started-sends.js';

describe('a slow decision', () => {
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  // Each test has an account of its own, which meets its faults alone.
  const accountsWithoutDatabase = new Set<string>();
  const accountsWithSlowClaims = new Set<string>();
  const accountsThatClaim = new Set<string>();
  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        accounts: {
          findEncryptedApiKey: (...parameters) =>
            accountsWithoutDatabase.has(parameters[0])
              ? Promise.reject(new SmsError('DATABASE_UNAVAILABLE'))
              : ports.accounts.findEncryptedApiKey(...parameters),
        },
        runs: {
          ...ports.runs,
          async claim(message, owner) {
            accountsThatClaim.add(message.accountId);
            await waitUntil('claims to be quick again', () => !accountsWithSlowClaims.has(message.accountId));
            return await ports.runs.claim(message, owner);
          },
        },
      }),
    });
  });
  after(() => fixture.close());

  async function startHeld(options: SmsJob['options'] = {}) {
    const job = fixture.job({
      accountId: await fixture.addAccount(fixture.apiKey),
      options: { unknownChecksMs: [100], onUnknown: 'hold', ...options },
    });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    return { job, sent };
  }
  const requestsTo = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  for (const end of ['the deadline passes', 'the run is cancelled']) {
    itBesideOthers(`counts when ${end} meanwhile, as a person has seen the message`, async () => {
      const expiresAtMs = Date.now() + 20_000;
      const { sent, job } = await startHeld({ expiresAt: new Date(expiresAtMs).toISOString() });
      accountsWithSlowClaims.add(job.accountId);
      const messageId = randomUUID();
      const decision = fixture.client.resolve(sent.workflowId, { sent: true, messageId });
      await waitUntil('the claim to be under way', () => accountsThatClaim.has(job.accountId));
      if (end.includes('cancelled')) await fixture.client.cancel(sent.workflowId);
      else await waitUntil('the deadline to pass', () => Date.now() > expiresAtMs + 1_000);
      accountsWithSlowClaims.delete(job.accountId);
      await decision;
      assert.equal((await sent.result()).messageId, messageId);
      assert.equal(requestsTo(job), 1);
    });
  }

  itBesideOthers('to resend waits for the key and the sent messages, and can be withdrawn', async () => {
    const { job, sent } = await startHeld();
    accountsWithoutDatabase.add(job.accountId);
    await fixture.client.resolve(sent.workflowId, { resend: true });
    await waitUntil('the reason to say so', async () => {
      const { reason = '' } = await sent.status();
      return reason.includes('a resend was ordered, but the API key is unavailable');
    });
    assert.equal((await sent.status()).status, 'held');
    assert.equal(requestsTo(job), 1);
    await fixture.client.resolve(sent.workflowId, { abandon: true });
    await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requestsTo(job), 1);
  });

  itBesideOthers('refuses a message id that contains the number', async () => {
    const { job, sent } = await startHeld();
    const decision = { sent: true, messageId: job.recipientPhone } as const;
    await expectSmsError(fixture.client.resolve(sent.workflowId, decision), 'VALIDATION_FAILED');
    await fixture.client.resolve(sent.workflowId, { abandon: true });
    await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
  });
});
