import assert from 'node:assert/strict';
import { describeFault } from '../../tools/simulator/fault-catalog.js';
import { parseFaultRules } from '../../tools/simulator/fault-rule.js';
import { readMagicNumber } from '../../tools/simulator/magic-number.js';
import { makePlan, MAX_SENDS, type ChaosPlan } from '../../tools/chaos/plan/plan.js';
import { setPlannedFaults } from '../../tools/chaos/plan/set-faults.js';
import { normalizeJob } from '../../src/client/normalize-job.js';
import { groupBy } from '../../tools/chaos/verify/group-by.js';

const SEEDS = [0, 1, 2, 77, 0xffff_ffff];

/** The groups of sends that share a number. */
const byNumber = ({ sends }: ChaosPlan) => [...groupBy(sends, ({ recipient }) => recipient).values()];

describe('the plan of a chaos run', () => {
  it('is the same for the same seed, and differs for another', () => {
    const options = { sends: 120, seed: 42, lateRows: false };
    assert.deepEqual(makePlan(options), makePlan(options));
    assert.notDeepEqual(makePlan(options).sends, makePlan({ ...options, seed: 43 }).sends);
    assert.notDeepEqual(makePlan(options).processFaults, makePlan({ ...options, seed: 43 }).processFaults);
  });

  it('has the requested number of sends, each with its own key, ordered by time', () => {
    for (const sends of [1, 2, 25, 333]) {
      const plan = makePlan({ sends, seed: 5, lateRows: false });
      assert.equal(plan.sends.length, sends);
      assert.equal(new Set(plan.sends.map(({ key }) => key)).size, sends);
      const times = plan.sends.map(({ atMs }) => atMs);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
  });

  it('uses numbers that are not magic, and that the client accepts', () => {
    const { sends } = makePlan({ sends: MAX_SENDS, seed: 1, lateRows: false });
    for (const { recipient, message } of sends) {
      assert.equal(readMagicNumber(recipient), undefined);
      const accountId = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
      const job = normalizeJob({ recipientPhone: recipient, message, accountId }, { defaultRegion: 'FR' });
      assert.equal(job.recipientPhone, recipient);
    }
  });

  it('gives about half of the sends a fault, and some each further kind', () => {
    const { sends } = makePlan({ sends: 1_000, seed: 9, lateRows: false });
    const share = (fits: (send: (typeof sends)[number]) => boolean) => sends.filter(fits).length / 1_000;
    const between = (value: number, least: number, most: number) => {
      assert.ok(value >= least && value <= most, `${value} is not from ${least} to ${most}`);
    };
    between(
      share(({ faults }) => faults.length > 0),
      0.4,
      0.6,
    );
    between(
      share(({ faults }) => faults.length > 1),
      0.05,
      0.25,
    );
    between(
      share(({ startedTwice }) => startedTwice),
      0.02,
      0.1,
    );
    between(
      share(({ cancelAfterMs }) => cancelAfterMs !== undefined),
      0.01,
      0.1,
    );
    assert.ok(sends.some(({ faults }) => faults.some(({ recorded }) => recorded === true)));
  });

  it('has siblings with the same text, and numbers with several texts, each number in one account', () => {
    for (const seed of SEEDS) {
      const shared = byNumber(makePlan({ sends: 400, seed, lateRows: false })).filter(
        ({ length }) => length > 1,
      );
      const textsOf = (group: (typeof shared)[number]) => new Set(group.map(({ message }) => message)).size;
      assert.ok(shared.some((group) => textsOf(group) === 1));
      assert.ok(shared.some((group) => textsOf(group) > 1));
      for (const group of shared) assert.equal(new Set(group.map(({ account }) => account)).size, 1);
    }
  });

  it('delays rows of the sent messages only on request, and only of messages that exist', () => {
    const faultsOf = (lateRows: boolean) =>
      makePlan({ sends: 300, seed: 3, lateRows }).sends.flatMap(({ faults }) => faults);
    assert.ok(faultsOf(false).every(({ rowDelayMs }) => rowDelayMs === undefined));
    const late = faultsOf(true).filter(({ rowDelayMs }) => rowDelayMs !== undefined);
    assert.ok(late.length > 0);
    assert.ok(late.every(({ recorded }) => recorded === true));
  });

  it('consists of rules that the simulator accepts, each fault in the order of its send', () => {
    for (const seed of SEEDS) {
      const plan = makePlan({ sends: 900, seed, lateRows: true });
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
      const planned = plan.sends.flatMap(({ faults }) => faults);
      assert.equal(added.length, planned.length + plan.sentMessagesFaults.length);
      for (const { kind, recorded } of planned) if (recorded) assert.ok(describeFault(kind).isOutcomeUnknown);
    }
  });

  it('has a fault for each kind of process, within the run, in existing groups only', () => {
    for (const seed of SEEDS) {
      for (const sends of [25, 200, 500]) {
        const plan = makePlan({ sends, seed, lateRows: false });
        const kinds = new Set(plan.processFaults.map(({ kind }) => kind));
        const wanted = ['deploy-worker', 'freeze-worker', 'kill-broker', 'kill-worker', 'stop-database'];
        for (const kind of wanted) assert.ok(kinds.has(kind as never), `${kind} with seed ${seed}`);
        assert.ok(plan.processFaults.every(({ atMs }) => atMs >= 0 && atMs <= plan.durationMs));
        for (const fault of plan.processFaults) {
          if ('group' in fault) assert.ok(fault.group >= 0 && fault.group < plan.workerGroupCount);
        }
      }
    }
  });

  it('freezes one worker for longer than a send may take, from 200 sends on', () => {
    const longFreezes = (sends: number) =>
      makePlan({ sends, seed: 8, lateRows: false }).processFaults.filter(
        (fault) => fault.kind === 'freeze-worker' && fault.forMs > 60_000,
      ).length;
    assert.deepEqual([199, 200, 800].map(longFreezes), [0, 1, 1]);
  });
});
