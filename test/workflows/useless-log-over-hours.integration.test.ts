import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { SentMessages } from '../../src/domain/sent-messages.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import {
  assertMinutes,
  CLEAN,
  codeOf,
  MINUTE_MS,
  reconcileOverHours,
  SILENT,
} from './reconcile-over-hours.js';

describe('hours in which the sent messages prove nothing', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const send = reconcileOverHours(() => environment);

  it('keeps checking every 1 to 15 min while the sent messages are unavailable, and then goes on', async () => {
    const { result, minutes, requests } = await send((minute) => (minute < 70 ? SILENT : CLEAN), {
      unknownChecksMs: [60_000],
    });
    assert.ok('value' in result);
    assert.equal(requests, 2);
    assertMinutes(minutes, [1, 2, 4, 8, 16, 31, 46, 61, 76]);
  });

  it('treats an unavailable key like unreadable sent messages', async () => {
    let loads = 0;
    const accounts = {
      findEncryptedApiKey: () =>
        Promise.resolve(++loads === 1 || loads > 4 ? { encryptedApiKey: 'stored' } : undefined),
    };
    const { result, requests } = await send(() => CLEAN, { unknownChecksMs: [1_000, 2_000] }, { accounts });
    assert.ok('value' in result);
    assert.equal(requests, 2);
  });

  it('holds a send whose account changed its API key since, as the sent messages belong to another key', async () => {
    let loads = 0;
    const accounts = {
      findEncryptedApiKey: () => Promise.resolve({ encryptedApiKey: ++loads === 1 ? 'old' : 'new' }),
    };
    const { result, requests } = await send(() => CLEAN, {}, { accounts });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
  });

  it('distrusts sent messages that lost older rows during hours of outage', async () => {
    // The worker's own clock stands still while the skipped one jumps.
    const startMs = await environment.currentTimeMs();
    let nowMs = 0;
    const gone: SentMessages = { ...CLEAN, reachesBack: false };
    const readLog = (minute: number): SentMessages => {
      nowMs = startMs + minute * MINUTE_MS;
      return minute < 70 ? SILENT : gone;
    };
    const { result, requests } = await send(readLog, { unknownChecksMs: [60_000] }, { now: () => nowMs });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
  });
});
