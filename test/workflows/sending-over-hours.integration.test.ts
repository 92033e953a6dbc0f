import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { activitiesIn, sendAttemptsIn } from '../support/run-history.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { ACCEPTED, HOUR_MS, OFFLINE, sendOverHours } from './send-over-hours.js';

describe('sending over hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const { send, stopwatch } = sendOverHours(() => environment);

  it('sends once the phone comes online after an afternoon', async () => {
    const sinceFirstCall = stopwatch();
    const { result, elapsedMs, history } = await send({
      provider: { send: async () => ((await sinceFirstCall()) < 5 * HOUR_MS ? OFFLINE : ACCEPTED) },
    });
    assert.ok('value' in result);
    assert.ok(elapsedMs >= 5 * HOUR_MS && elapsedMs < 5.5 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    const attempts = sendAttemptsIn(history);
    assert.ok(attempts > 20 && attempts < 50, `${attempts} attempts`);
    assert.ok((history.events?.length ?? 0) < 1000, `${history.events?.length ?? 0} events`);
  });

  it('waits as long as Retry-After asks', async () => {
    let requests = 0;
    const limited: SendOutcome = {
      kind: 'not-sent',
      code: 'RATE_LIMITED',
      reason: 'slow',
      retryAfterMs: 2 * HOUR_MS,
    };
    const { result, elapsedMs } = await send({
      provider: { send: () => Promise.resolve(requests++ === 0 ? limited : ACCEPTED) },
    });
    assert.ok('value' in result);
    assert.equal(requests, 2);
    assert.ok(elapsedMs >= 2 * HOUR_MS && elapsedMs < 2.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
  });

  it('expires at expiresAt, and makes no request afterwards', async () => {
    const expiresAt = new Date((await environment.currentTimeMs()) - 1000).toISOString();
    const { result, history } = await send({}, { options: { expiresAt } });
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(!activitiesIn(history).includes('sendSms'));
  });

  it('reads the key again before each attempt, so that it uses a new one', async () => {
    const keys: string[] = [];
    let loads = 0;
    const { result } = await send({
      accounts: {
        findEncryptedApiKey: () => Promise.resolve({ encryptedApiKey: `stored-${String(++loads)}` }),
      },
      provider: {
        send: ({ apiKey }) => {
          keys.push(apiKey);
          return Promise.resolve(keys.length < 3 ? OFFLINE : ACCEPTED);
        },
      },
    });
    assert.ok('value' in result);
    assert.deepEqual(keys, ['stored-1', 'stored-2', 'stored-3']);
  });

  it('repeats the request to a phone reported offline when the sent messages stay unreadable', async () => {
    let requests = 0;
    let looks = 0;
    const { result, elapsedMs } = await send({
      provider: {
        send: () => Promise.resolve(requests++ === 0 ? { ...OFFLINE, lookBeforeRepeat: true } : ACCEPTED),
      },
      sentMessages: {
        read: () => {
          looks++;
          return Promise.resolve({ kind: 'unreadable', reason: 'the reply was HTTP 500' });
        },
      },
    });
    assert.ok('value' in result);
    assert.equal(requests, 2);
    assert.equal(looks, 4);
    assert.ok(elapsedMs >= 35_000 && elapsedMs < 60_000, `${elapsedMs} ms`);
  });
});
