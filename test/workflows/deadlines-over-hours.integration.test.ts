import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { SmsError } from '../../src/domain/errors.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { HOUR_MS, OFFLINE, sendOverHours } from './send-over-hours.js';

describe('deadlines over hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const { send, stopwatch } = sendOverHours(() => environment);

  it('ends as MESSAGE_EXPIRED after exactly 24 hours', async () => {
    const { result, elapsedMs, history } = await send({ provider: { send: () => Promise.resolve(OFFLINE) } });
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(elapsedMs >= 24 * HOUR_MS && elapsedMs < 24.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    assert.ok((history.events?.length ?? 0) < 4000, `${history.events?.length ?? 0} events`);
  });

  it('waits for the time in its job, and has 24 hours from then on', async () => {
    const nowMs = await environment.currentTimeMs();
    const sendAt = new Date(nowMs + 48 * HOUR_MS).toISOString();
    let firstMs: number | undefined;
    const { result, elapsedMs } = await send(
      {
        accounts: {
          findEncryptedApiKey: async () => {
            firstMs ??= await environment.currentTimeMs();
            throw new SmsError('DATABASE_UNAVAILABLE');
          },
        },
      },
      { options: { sendAt } },
    );
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(firstMs !== undefined && firstMs >= Date.parse(sendAt));
    assert.ok(elapsedMs > 71.9 * HOUR_MS && elapsedMs < 72.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
  });

  it('survives a database outage of a day, except its last minutes', async () => {
    const sinceFirstCall = stopwatch();
    const { result, elapsedMs, history } = await send({
      accounts: {
        findEncryptedApiKey: async () => {
          if ((await sinceFirstCall()) > 23.9 * HOUR_MS) return { encryptedApiKey: 'stored' };
          throw new SmsError('DATABASE_UNAVAILABLE');
        },
      },
    });
    assert.ok('value' in result);
    assert.ok(elapsedMs > 23.9 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    assert.ok((history.events?.length ?? 0) < 60, `${history.events?.length ?? 0} events`);
  });
});
