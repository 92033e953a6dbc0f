import assert from 'node:assert/strict';
import { startDurable } from '../../tools/chaos/durable/start-durable.js';
import { followingMode } from '../../tools/chaos/following/following-mode.js';
import { makePlanWithFollowing, type PlanWithFollowing } from '../../tools/chaos/plan/plan-with-following.js';
import { renderReport } from '../../tools/chaos/report/render-report.js';
import { startChaos } from '../../tools/chaos/run-chaos.js';
import { isBroken } from '../../tools/chaos/verify/verify.js';
import { createCleanUp, type CleanUp } from '../../tools/servers/clean-up.js';

const SMALL = makePlanWithFollowing({ sends: 40, seed: 2 });

/**
 * A small plan with each kind of fault on a process once. A reading that fails is repeated 30 s
 * later: few fail, and the last checks come soon.
 */
const PLAN: PlanWithFollowing = {
  ...SMALL,
  sends: SMALL.sends.map((send) => ({ ...send, followChecksMs: [2_000, 12_000] })),
  sentMessagesFaults: [
    { kind: 'log-503', times: 1, probability: 0.1 },
    { kind: 'log-slow', times: 2, probability: 0.1, seed: 2 },
  ],
  processFaults: [
    { atMs: 2_000, kind: 'kill-worker', group: 0, downMs: 1_000 },
    { atMs: 8_000, kind: 'stop-database', downMs: 2_000 },
    { atMs: 12_000, kind: 'freeze-worker', group: 1, forMs: 4_000 },
    { atMs: 18_000, kind: 'kill-broker', downMs: 2_000 },
  ],
};

describe('followed sends under fire', function () {
  // A request that was out when its worker was killed is given up after a minute, and the list is
  // read after that.
  this.timeout('10 minutes');
  let cleanUp: CleanUp;
  beforeEach(() => {
    cleanUp = createCleanUp((error) => {
      process.stderr.write(`clean-up: ${String(error)}\n`);
    });
  });
  afterEach(() => cleanUp.run());

  it('say nothing of a phone that it has not done', async () => {
    const run = await startChaos({
      plan: PLAN,
      lateRows: false,
      startSystem: startDurable,
      startMode: followingMode(PLAN),
      cleanUp,
      say: () => undefined,
    });
    const report = await run.report;
    const { verdict } = report;
    const table = renderReport(report, PLAN.sends);
    assert.ok(!isBroken(verdict), table);
    assert.equal(Object.keys(verdict.mode?.counters ?? {}).length, 7, table);
    // Each rule had something to judge.
    const { figures = {} } = verdict.mode ?? {};
    for (const name of ['sent by their phone', 'sent after a failure', 'failed at their phone', 'not known'])
      assert.notEqual(figures[name], '0', table);
  });
});
