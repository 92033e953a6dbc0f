import assert from 'node:assert/strict';
import { startDurable } from '../../tools/chaos/durable/start-durable.js';
import { makePlanWithPolicies, type PlanWithPolicies } from '../../tools/chaos/plan/plan-with-policies.js';
import { OPT_OUT_REPLY } from '../../tools/chaos/plan/policy-plan.js';
import { policiesMode } from '../../tools/chaos/policies/policies-mode.js';
import { renderReport } from '../../tools/chaos/report/render-report.js';
import { startChaos } from '../../tools/chaos/run-chaos.js';
import { isBroken } from '../../tools/chaos/verify/verify.js';
import { createCleanUp, type CleanUp } from '../../tools/servers/clean-up.js';

const SMALL = makePlanWithPolicies({ sends: 60, seed: 2 });

/**
 * A small plan with each kind of fault on a process once. No phone goes offline, as an account
 * would wait for a minute and a half after that. The hours that are moved open as soon as they can,
 * and what waited for them then goes fast.
 */
const PLAN: PlanWithPolicies = {
  ...SMALL,
  processFaults: [
    // By then the inboxes were read, which nothing is sent before.
    { atMs: 13_000, kind: 'kill-worker', group: 0, downMs: 1_000 },
    { atMs: 16_000, kind: 'stop-database', downMs: 2_000 },
    { atMs: 20_000, kind: 'freeze-worker', group: 1, forMs: 4_000 },
    { atMs: 25_000, kind: 'kill-broker', downMs: 2_000 },
  ],
  policies: {
    ...SMALL.policies,
    accounts: SMALL.policies.accounts.map((account) =>
      account.hours.kind === 'moved'
        ? {
            ...account,
            perMinute: 120,
            segmentsPerMinute: 150,
            hours: { kind: 'moved', changeAtMs: 14_000, opensAfterMs: 16_000 },
          }
        : account,
    ),
    offline: [],
  },
};

describe('the policies under fire', function () {
  // A request that was out when its worker was killed is given up after a minute, and a
  // confirmation is repeated 5 min after that.
  this.timeout('15 minutes');
  let cleanUp: CleanUp;
  beforeEach(() => {
    cleanUp = createCleanUp((error) => {
      process.stderr.write(`clean-up: ${String(error)}\n`);
    });
  });
  afterEach(() => cleanUp.run());

  it('hold for every request, and keep no send from its end', async () => {
    const run = await startChaos({
      plan: PLAN,
      lateRows: false,
      startSystem: (common) => startDurable(common, { optOutReply: OPT_OUT_REPLY }),
      startMode: policiesMode(PLAN),
      cleanUp,
      say: () => undefined,
    });
    const report = await run.report;
    const { verdict } = report;
    const table = renderReport(report, PLAN.sends);
    assert.ok(!isBroken(verdict), table);
    assert.equal(Object.keys(verdict.mode?.counters ?? {}).length, 7, table);
    // Each rule had something to judge.
    const ends = Object.values(verdict.failed).reduce((sum, count) => sum + count, 0);
    assert.equal(verdict.sent + verdict.cancelled + ends, verdict.sends, table);
    assert.ok(verdict.sends > PLAN.sends.length, `an opt-out was confirmed\n${table}`);
    assert.ok((verdict.failed['RECIPIENT_OPTED_OUT'] ?? 0) > 0, table);
    assert.ok((verdict.failed['MESSAGE_EXPIRED'] ?? 0) > 0, table);
  });
});
