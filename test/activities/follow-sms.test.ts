import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { createActivities } from '../../src/activities/create-activities.js';
import type { FollowSmsInput } from '../../src/activities/types.js';
import type { ConnectedPhone } from '../../src/domain/connected-phones.js';
import type { DeliveryAnswer, DeliveryQuestion } from '../../src/domain/delivery-question.js';
import { createLog, createTemporalLogger } from '../../src/observability/log.js';
import { createPorts, INPUT, NOW, RUN, SECRETS } from './activity-fixture.js';

const FOLLOWED: FollowSmsInput = {
  accountId: INPUT.accountId,
  messageId: 'message-1',
  sinceMs: NOW,
  isLast: false,
};

const PENDING: DeliveryAnswer = { kind: 'read', report: { kind: 'pending' }, ageMs: 5 };

/** Deliveries that answer with this, and what they were asked. */
function deliveriesThat(answer: DeliveryAnswer, phones?: readonly ConnectedPhone[]) {
  const questions: DeliveryQuestion[] = [];
  let phonesRead = 0;
  const deliveries: ActivityPorts['deliveries'] = {
    read(question) {
      questions.push(question);
      return Promise.resolve(answer);
    },
    readPhones() {
      phonesRead++;
      return Promise.resolve(
        phones === undefined
          ? { kind: 'unreadable', code: 'PROVIDER_UNAVAILABLE', reason: 'the reply was HTTP 500' }
          : { kind: 'read', phones, skipped: 0 },
      );
    },
  };
  return { deliveries, questions, phonesRead: () => phonesRead };
}

function follow(ports: Partial<ActivityPorts>, changes: Partial<FollowSmsInput> = {}) {
  const environment = new MockActivityEnvironment(
    { workflowExecution: RUN },
    { logger: createTemporalLogger(createLog({ level: 'silent' })) },
  );
  const activities = createActivities(createPorts(ports));
  return environment.run((input: FollowSmsInput) => activities.followSms(input), { ...FOLLOWED, ...changes });
}

async function failureOf(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof ApplicationFailure, String(error));
  return error;
}

describe('followSms', () => {
  it('reads with the key of now, five minutes further back than the message can be', async () => {
    const { deliveries, questions, phonesRead } = deliveriesThat(PENDING);
    assert.deepEqual(await follow({ deliveries }), { report: { kind: 'pending' }, ageMs: 5 });
    const [{ signal, ...question } = {}] = questions;
    assert.deepEqual(question, {
      apiKey: SECRETS.apiKey,
      messageId: FOLLOWED.messageId,
      checkId: `${RUN.runId} test`,
      sinceMs: NOW - 300_000,
    });
    assert.ok(signal);
    assert.equal(phonesRead(), 0);
  });

  it('is to be repeated when the turn of its account comes', async () => {
    const { deliveries } = deliveriesThat({ kind: 'later', afterMs: 12_345.6 });
    const failure = await failureOf(follow({ deliveries }));
    assert.deepEqual(
      [failure.type, failure.nonRetryable, failure.nextRetryDelay],
      ['PROVIDER_UNAVAILABLE', false, 12_346],
    );
  });

  it('is to be repeated when the list cannot be read, as the provider wishes', async () => {
    const { deliveries } = deliveriesThat({
      kind: 'unreadable',
      code: 'RATE_LIMITED',
      reason: 'too many requests',
      retryAfterMs: 90_000,
    });
    const failure = await failureOf(follow({ deliveries }));
    assert.deepEqual(
      [failure.type, failure.message, failure.nonRetryable, failure.nextRetryDelay],
      ['PROVIDER_UNAVAILABLE', 'too many requests.', false, 90_000],
    );
  });

  it('is not repeated while the provider refuses the key', async () => {
    const { deliveries } = deliveriesThat({
      kind: 'unreadable',
      code: 'API_KEY_INVALID',
      reason: 'the API key was refused',
    });
    const failure = await failureOf(follow({ deliveries }));
    assert.deepEqual([failure.type, failure.nonRetryable], ['API_KEY_INVALID', true]);
  });

  for (const [code, ports] of [
    ['API_KEY_REQUIRED', { accounts: { findEncryptedApiKey: () => Promise.resolve(undefined) } }],
    ['ENCRYPTION_KEY_MISSING', { cipher: undefined }],
  ] as const) {
    it(`fails with ${code} where the key cannot be had`, async () => {
      const failure = await failureOf(follow(ports));
      assert.deepEqual([failure.type, failure.nonRetryable], [code, true]);
    });
  }

  it('refuses a job that was not encrypted where such jobs are refused', async () => {
    const failure = await failureOf(follow({ unencryptedJobs: 'refused' }, { jobOrigin: 'plain' }));
    assert.equal(failure.type, 'VALIDATION_FAILED');
  });
});

describe('the last check of a followed message', () => {
  const phone: ConnectedPhone = { phoneId: 'p1', label: 'Phone of Jean', online: false, lastSeenAtMs: NOW };
  const { online, lastSeenAtMs } = phone;

  for (const [what, phones, sendingPhoneId, sign] of [
    ['the one phone', [phone], undefined, { online, lastSeenAtMs }],
    ['the phone that was to send', [{ phoneId: 'p2', online: true }, phone], 'p1', { online, lastSeenAtMs }],
    ['nothing where any of several may have been to send', [phone, { phoneId: 'p2' }], undefined, {}],
    ['nothing where the phone is not listed', [phone], 'p9', {}],
    ['nothing where the phones cannot be read', undefined, undefined, {}],
  ] as const) {
    it(`reads the last sign of life of ${what}`, async () => {
      const { deliveries } = deliveriesThat(PENDING, phones);
      const options = sendingPhoneId === undefined ? {} : { sendingPhoneId };
      const reading = await follow({ deliveries }, { isLast: true, ...options });
      assert.deepEqual(reading, { report: { kind: 'pending' }, ageMs: 5, phone: sign });
    });
  }

  for (const report of [{ kind: 'sent' }, { kind: 'failed', code: 'E1' }] as const) {
    it(`asks for no phone where the message is ${report.kind}`, async () => {
      const { deliveries, phonesRead } = deliveriesThat({ kind: 'read', report, ageMs: 0 }, [phone]);
      assert.deepEqual(await follow({ deliveries }, { isLast: true }), { report, ageMs: 0 });
      assert.equal(phonesRead(), 0);
    });
  }
});
