import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../support/time-skipping.js';
import { CLEAN, codeOf, HOUR_MS, reconcileOverHours } from './reconcile-over-hours.js';

const DAYS = 30;

describe('a run held for thirty days', function () {
  // Some 800 steps by the skipped clock, one after the other.
  this.timeout('20 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const send = reconcileOverHours(() => environment);

  it('stays within the history limit, and ends as SEND_OUTCOME_UNKNOWN', async () => {
    const expiresAt = new Date((await environment.currentTimeMs()) + DAYS * 24 * HOUR_MS).toISOString();
    const { result, hours, history } = await send(() => CLEAN, { onUnknown: 'hold', expiresAt });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.ok(hours > DAYS * 24 - 1, `${hours} h`);
    assert.ok((history.events?.length ?? 0) < 15_000, `${history.events?.length ?? 0} events`);
  });
});
