import assert from 'node:assert/strict';
import { createJobMaker } from '../../tools/bench/load/make-jobs.js';
import { toStartRequest } from '../../src/client/start-request.js';
import { MAX_SENDS } from '../../tools/chaos/plan/plain-numbers.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';

describe('the jobs of the benchmark', () => {
  it('are valid, and each have a key, even beyond the plain numbers', () => {
    const nextJob = createJobMaker(ACCOUNT, 'durable-20-0');
    const jobs = Array.from({ length: MAX_SENDS + 2 }, nextJob);
    for (const { key, ...job } of jobs) assert.deepEqual(validateSmsJob(job, 'refuse'), job, key);
    assert.equal(new Set(jobs.map(({ key }) => key)).size, jobs.length);
    assert.equal(new Set(jobs.map(({ recipientPhone }) => recipientPhone)).size, MAX_SENDS);
    assert.equal(jobs.at(-1)?.recipientPhone, jobs[1]?.recipientPhone);
  });

  it('are accepted by the client with their key', () => {
    const nextJob = createJobMaker(ACCOUNT, 'durablePlain-warm');
    const { key, ...job } = nextJob();
    const request = toStartRequest(
      job,
      { idempotencyKey: key },
      { defaultRegion: 'FR', recipientKey: () => 'digest', nowMs: Date.now() },
    );
    assert.equal(request.workflowId, `sms-${ACCOUNT}-durablePlain-warm-0`);
  });

  it('have different keys under a different prefix', () => {
    assert.notEqual(createJobMaker(ACCOUNT, 'a')().key, createJobMaker(ACCOUNT, 'b')().key);
  });
});
