import assert from 'node:assert/strict';
import { SmsError } from '../../src/domain/errors.js';
import { CancelledFailure } from '@temporalio/common';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import {
  createPorts,
  createRunner,
  failureOf,
  fakeProvider,
  INPUT,
  NOW,
  RUN,
  SECRETS,
} from './activity-fixture.js';

const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'id-1', httpStatus: 200 };
const REASON = 'some reason';

/** Every outcome that is not accepted → how the activity fails. */
const FAILURES: {
  outcome: SendOutcome;
  type: string;
  nonRetryable: boolean;
  details: object;
  /** For the workflow. */
  advice?: object;
}[] = [
  {
    outcome: { kind: 'rejected', code: 'API_KEY_INVALID', reason: REASON, httpStatus: 403 },
    type: 'API_KEY_INVALID',
    nonRetryable: true,
    details: { httpStatus: 403, attempt: 3 },
  },
  {
    outcome: {
      kind: 'rejected',
      code: 'MESSAGE_SEND_FAILED',
      reason: REASON,
      httpStatus: 200,
      providerCode: '7',
    },
    type: 'MESSAGE_SEND_FAILED',
    nonRetryable: true,
    details: { providerCode: '7', httpStatus: 200, attempt: 3 },
  },
  {
    outcome: { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason: REASON },
    type: 'PROVIDER_UNAVAILABLE',
    nonRetryable: false,
    details: { attempt: 3 },
  },
  {
    outcome: { kind: 'not-sent', code: 'RATE_LIMITED', reason: REASON, httpStatus: 429, retryAfterMs: 7_000 },
    type: 'RATE_LIMITED',
    nonRetryable: false,
    details: { httpStatus: 429, attempt: 3 },
    advice: { retryAfterMs: 7_000 },
  },
  {
    outcome: { kind: 'not-sent', code: 'RATE_LIMITED', reason: REASON, httpStatus: 429 },
    type: 'RATE_LIMITED',
    nonRetryable: false,
    details: { httpStatus: 429, attempt: 3 },
  },
  {
    outcome: { kind: 'unknown', reason: REASON, httpStatus: 502 },
    type: 'SEND_OUTCOME_UNKNOWN',
    nonRetryable: true,
    details: { httpStatus: 502, attempt: 3 },
  },
  {
    outcome: { kind: 'unknown', reason: REASON, httpStatus: 200, providerCode: '3' },
    type: 'SEND_OUTCOME_UNKNOWN',
    nonRetryable: true,
    details: { providerCode: '3', httpStatus: 200, attempt: 3 },
  },
];

describe('sendSms', () => {
  it('makes no request when Temporal retries it, as an operator can order for a pending activity', async () => {
    const provider = fakeProvider(() => assert.fail('no request'));
    const runner = createRunner(createPorts({ provider }), undefined, 2);
    await failureOf(runner.send(), 'SEND_OUTCOME_UNKNOWN');
  });

  it('asks for another attempt when the API key was sealed under another key', async () => {
    const provider = fakeProvider(() => assert.fail('no request'));
    const cipher = {
      reseal: () => assert.fail('it seals nothing'),
      unseal: () => {
        throw new SmsError('API_KEY_DECRYPTION_FAILED');
      },
    };
    await failureOf(createRunner(createPorts({ provider, cipher })).send(), 'PROVIDER_UNAVAILABLE');
  });

  it('makes one request with key, number and text, and returns the id and when the reply was read', async () => {
    const provider = fakeProvider(() => ACCEPTED);
    const owners: unknown[] = [];
    const cipher = {
      reseal: () => assert.fail('it seals nothing'),
      unseal: (sealed: string, owner: unknown) => {
        assert.equal(sealed, INPUT.sealedApiKey);
        owners.push(owner);
        return SECRETS.apiKey;
      },
    };
    const runner = createRunner(createPorts({ provider, cipher }));

    const sent = await runner.send({ sendingPhoneId: 'phone-1', simSlot: 2 });

    assert.deepEqual(sent, { messageId: 'id-1', timestamp: '2030-01-01T00:00:00.000Z' });
    assert.deepEqual(owners, [{ workflowId: RUN.workflowId, originalRunId: RUN.runId }]);
    assert.equal(provider.requests.length, 1);
    const { signal, refuseToWrite, ...request } = provider.requests[0]!;
    const { apiKey, recipientPhone, message } = SECRETS;
    assert.deepEqual(request, { apiKey, recipientPhone, message, sendingPhoneId: 'phone-1', simSlot: 2 });
    assert.equal(signal?.aborted, false);
    assert.equal(refuseToWrite?.(), undefined);
  });

  for (const { outcome, type, nonRetryable, details, advice } of FAILURES) {
    it(`fails with ${type} for ${JSON.stringify(outcome)}`, async () => {
      const provider = fakeProvider(() => outcome);
      const failure = await failureOf(createRunner(createPorts({ provider })).send(), type);
      assert.equal(failure.nonRetryable, nonRetryable);
      assert.deepEqual(failure.details, advice === undefined ? [details] : [details, advice]);
      assert.ok(failure.message.includes(REASON));
      assert.equal(provider.requests.length, 1);
    });
  }

  it('makes no first request in a reset run, as the run before it may have sent', async () => {
    const provider = fakeProvider(() => ACCEPTED);
    const runner = createRunner(createPorts({ provider }), 'run-after-reset');
    const failure = await failureOf(runner.send({ attempt: 1 }), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(failure.nonRetryable, true);
    assert.deepEqual(failure.details, [{ attempt: 1 }, { refusedRunId: 'run-after-reset' }]);
    assert.equal(provider.requests.length, 0);
  });

  it('sends in a reset run only once an operator has allowed it', async () => {
    const provider = fakeProvider(() => ACCEPTED);
    const runner = createRunner(createPorts({ provider }), 'run-after-reset');
    await failureOf(runner.send({ clearedRunId: 'run-of-another-reset' }), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(provider.requests.length, 0);
    await runner.send({ clearedRunId: 'run-after-reset' });
    assert.equal(provider.requests.length, 1);
  });

  it('reports that a reset run may have sent even if its deadline has passed and the key is missing', async () => {
    const runner = createRunner(createPorts({ cipher: undefined }), 'run-after-reset');
    await failureOf(runner.send({ deadlineMs: NOW - 1 }), 'SEND_OUTCOME_UNKNOWN');
  });

  it('fails with ENCRYPTION_KEY_MISSING, and makes no request, where the worker has no key', async () => {
    const provider = fakeProvider(() => ACCEPTED);
    const runner = createRunner(createPorts({ provider, cipher: undefined }));
    const failure = await failureOf(runner.send(), 'ENCRYPTION_KEY_MISSING');
    assert.equal(failure.nonRetryable, true);
    assert.equal(provider.requests.length, 0);
  });

  it('passes on an error of the provider client unchanged, which the workflow reads as unknown', async () => {
    const unexpected = new TypeError('a bug');
    const provider = { send: () => Promise.reject(unexpected) };
    await assert.rejects(createRunner(createPorts({ provider })).send(), unexpected);
  });

  it('aborts the request when the activity is cancelled', async () => {
    let signal: AbortSignal | undefined;
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const provider = {
      send: (request: { signal?: AbortSignal }) => {
        signal = request.signal;
        return new Promise<SendOutcome>((resolve) => (answer = resolve));
      },
    };
    const runner = createRunner(createPorts({ provider }));
    const sending = runner.send();
    await waitUntil('the request', () => signal !== undefined);
    runner.environment.cancel();
    assert.equal(signal?.aborted, true);
    assert.ok(signal.reason instanceof CancelledFailure);
    answer({ kind: 'unknown', reason: 'the request was aborted' });
    await failureOf(sending, 'SEND_OUTCOME_UNKNOWN');
  });
});
