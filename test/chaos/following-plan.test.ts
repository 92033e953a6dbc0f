import assert from 'node:assert/strict';
import { normalizeJob } from '../../src/client/normalize-job.js';
import { parseFaultRules } from '../../tools/simulator/fault-rule.js';
import { describeFault } from '../../tools/simulator/fault-catalog.js';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import { makePlanWithFollowing } from '../../tools/chaos/plan/plan-with-following.js';
import { setPlannedFaults } from '../../tools/chaos/plan/set-faults.js';

const SEEDS = [0, 1, 2, 77, 0xffff_ffff];

describe('the plan of a chaos run with followed sends', () => {
  it('is the same for the same seed, and differs for another', () => {
    const options = { sends: 120, seed: 42 };
    assert.deepEqual(makePlanWithFollowing(options), makePlanWithFollowing(options));
    const other = makePlanWithFollowing({ ...options, seed: 43 });
    assert.notDeepEqual(makePlanWithFollowing(options).sends, other.sends);
    assert.notDeepEqual(makePlanWithFollowing(options).offline, other.offline);
  });

  it('has the process faults of a run without following', () => {
    const options = { sends: 120, seed: 42 };
    const { processFaults } = makePlan({ ...options, lateRows: false });
    assert.deepEqual(makePlanWithFollowing(options).processFaults, processFaults);
  });

  it('follows every send for at most half a minute, in jobs that the client accepts', () => {
    const accountId = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
    for (const { recipient, message, followChecksMs } of makePlanWithFollowing({ sends: 100, seed: 1 })
      .sends) {
      assert.ok(followChecksMs && followChecksMs.at(-1)! <= 30_000);
      const options = { follow: true, followChecksMs: [...followChecksMs] };
      normalizeJob({ recipientPhone: recipient, message, accountId, options }, { defaultRegion: 'FR' });
    }
  });

  it('has messages of each fate, around the checks', () => {
    for (const seed of SEEDS) {
      const { sends } = makePlanWithFollowing({ sends: 200, seed });
      const fates = sends.flatMap(({ faults }) => faults.slice(-1).map(({ kind }) => kind));
      for (const kind of [
        'phone-late',
        'phone-fails-first',
        'phone-fails',
        'provider-fails',
        'phone-never',
        'row-late',
        'row-missing',
      ] as const) {
        assert.ok(fates.includes(kind), `${kind} with seed ${seed}`);
      }
      const retries = sends.flatMap(({ faults, followChecksMs }) =>
        faults.map(({ phoneDelayMs = 0, phoneRetryMs }) =>
          phoneRetryMs === undefined ? 0 : phoneDelayMs + phoneRetryMs - followChecksMs!.at(-1)!,
        ),
      );
      assert.ok(retries.some((ms) => ms < 0) && retries.some((ms) => ms > 0), 'in time, and too late');
    }
  });

  it('keeps no row back of a message whose reply gets lost, and sends some of these late', () => {
    const { sends } = makePlanWithFollowing({ sends: 300, seed: 3 });
    const lost = sends.flatMap(({ faults }) => faults).filter(({ recorded }) => recorded === true);
    assert.ok(lost.every(({ kind, rowDelayMs }) => describeFault(kind).isOutcomeUnknown && !rowDelayMs));
    assert.ok(lost.some(({ phoneDelayMs }) => phoneDelayMs !== undefined));
    assert.ok(lost.some(({ phoneDelayMs }) => phoneDelayMs === undefined));
  });

  it('takes a phone of each account offline, within the run', () => {
    const { offline, durationMs, accountCount } = makePlanWithFollowing({ sends: 100, seed: 8 });
    assert.deepEqual(
      offline.map(({ account }) => account),
      Array.from({ length: accountCount }, (_, account) => account),
    );
    assert.ok(offline.every(({ atMs, forMs }) => atMs > 0 && atMs < durationMs && forMs > 0));
  });

  it('consists of rules that the simulator accepts', () => {
    for (const seed of SEEDS) {
      const plan = makePlanWithFollowing({ sends: 300, seed });
      const added: unknown[] = [];
      setPlannedFaults(
        {
          addFaults: (rules) => {
            added.push(...parseFaultRules(rules));
            return [];
          },
        },
        plan,
      );
      assert.equal(added.length, plan.sends.flatMap(({ faults }) => faults).length + 8);
    }
  });
});
