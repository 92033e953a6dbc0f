import assert from 'node:assert/strict';
import { normalizeJob } from '../../src/client/normalize-job.js';
import { countSegments } from '../../src/domain/segments.js';
import { classifyInbound } from '../../src/policies/classify-inbound.js';
import { createSendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY } from '../../src/policies/sending-policy.js';
import { makePlanWithPolicies } from '../../tools/chaos/plan/plan-with-policies.js';
import { ZONES, type PlannedHours } from '../../tools/chaos/plan/policy-plan.js';
import {
  formatMinutes,
  HOME_ZONE,
  isWithin,
  planWindows,
  type SendingWindow,
} from '../../tools/chaos/policies/sending-window.js';
import { groupBy } from '../../tools/chaos/verify/group-by.js';

const SEEDS = [0, 1, 2, 77, 0xffff_ffff];

describe('the plan of a chaos run with policies', () => {
  it('is the same for the same seed, and differs for another', () => {
    const options = { sends: 120, seed: 42 };
    assert.deepEqual(makePlanWithPolicies(options), makePlanWithPolicies(options));
    const other = makePlanWithPolicies({ ...options, seed: 43 });
    assert.notDeepEqual(makePlanWithPolicies(options).sends, other.sends);
    assert.notDeepEqual(makePlanWithPolicies(options).policies, other.policies);
  });

  it('has the requested number of sends, each with its own key, number and text, ordered by time', () => {
    for (const sends of [1, 2, 25, 300]) {
      const plan = makePlanWithPolicies({ sends, seed: 5 });
      assert.equal(plan.sends.length, sends);
      assert.equal(new Set(plan.sends.map(({ key }) => key)).size, sends);
      assert.equal(
        new Set(plan.sends.map(({ recipient, message }) => `${recipient} ${message}`)).size,
        sends,
      );
      const times = plan.sends.map(({ atMs }) => atMs);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
  });

  it('states the segments of each message, in jobs that the client accepts', () => {
    const { sends } = makePlanWithPolicies({ sends: 300, seed: 1 });
    const accountId = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
    for (const { recipient, message, marketing } of sends) {
      assert.equal(countSegments(message).segments, marketing?.segments ?? 1);
      const options = { purpose: 'marketing', timeZone: marketing?.timeZone } as const;
      normalizeJob({ recipientPhone: recipient, message, accountId, options }, { defaultRegion: 'FR' });
    }
    assert.deepEqual(new Set(sends.map(({ marketing }) => marketing?.segments)), new Set([1, 2, undefined]));
  });

  it('has opt-outs by reply and by the web app, other replies, and numbers of two accounts', () => {
    for (const seed of SEEDS) {
      const { sends, policies } = makePlanWithPolicies({ sends: 300, seed });
      const { replies, optOuts } = policies;
      assert.ok(replies.some(({ isOptOut }) => isOptOut) && replies.some(({ isOptOut }) => !isOptOut));
      assert.ok(optOuts.length > 0);
      const numbers = [...groupBy(sends, ({ recipient }) => recipient).values()];
      assert.ok(numbers.some((group) => new Set(group.map(({ account }) => account)).size > 1));
      const people = [...replies, ...optOuts].map(({ account, recipient }) => `${account} ${recipient}`);
      assert.equal(new Set(people).size, people.length, 'each answers or opts out once');
    }
  });

  it('has replies that are what they are taken for', () => {
    for (const seed of SEEDS)
      for (const { text, isOptOut } of makePlanWithPolicies({ sends: 300, seed }).policies.replies)
        assert.equal(classifyInbound(text), isOptOut ? 'opt-out' : 'message', text);
  });

  it('leaves no fault for the confirmation of an opt-out', () => {
    for (const seed of SEEDS) {
      const { sends, policies } = makePlanWithPolicies({ sends: 300, seed });
      for (const { recipient } of policies.replies.filter(({ isOptOut }) => isOptOut)) {
        const [first, ...others] = sends
          .filter((send) => send.recipient === recipient)
          .sort((one, other) => one.key.localeCompare(other.key));
        assert.ok((first?.faults.length ?? 0) <= 1);
        assert.ok(others.every(({ faults }) => faults.length === 0));
      }
    }
  });

  it('has recipients in each zone, and only those expire whose hours end', () => {
    const { sends } = makePlanWithPolicies({ sends: 300, seed: 1 });
    const zones = new Map(sends.flatMap(({ marketing: is }) => (is ? [[is.timeZone, is.mayExpire]] : [])));
    assert.deepEqual(
      zones,
      new Map<string | undefined, boolean>([
        [undefined, false],
        [ZONES.open, false],
        [ZONES.opening, false],
        [ZONES.closing, true],
        [ZONES.closed, true],
      ]),
    );
  });

  it('has room in the hour for every marketing message, but not at once', () => {
    for (const seed of SEEDS) {
      const { sends, policies } = makePlanWithPolicies({ sends: 300, seed });
      const [limited] = policies.accounts;
      const count = sends.filter(({ account, marketing }) => account === 0 && marketing).length;
      const { perHour, earlierAtMs } = limited!;
      assert.ok(perHour - earlierAtMs.length < count / 2);
      assert.ok(perHour > count);
      assert.ok(earlierAtMs.every((atMs) => atMs < 0 && atMs > -3_600_000));
    }
  });
});

describe('the windows of a chaos run', () => {
  const hours: Record<string, PlannedHours> = {
    always: { kind: 'always' },
    moved: { kind: 'moved', changeAtMs: 20_000, opensAfterMs: 30_000 },
    zones: { kind: 'zones', opensAfterMs: 30_000, closesAfterMs: 70_000 },
  };
  const STARTS = ['2026-03-10T12:00:31Z', '2026-07-14T23:58:00Z', '2026-12-31T22:59:30.5Z'].map(Date.parse);

  /** What the product makes of a window. */
  function byProduct(
    { opensAt, closesAt }: SendingWindow,
    timeZone: string | undefined,
    atMs: number,
  ): boolean {
    const policy = {
      ...DEFAULT_SENDING_POLICY,
      days: [1, 2, 3, 4, 5, 6, 7],
      holidays: 'none' as const,
      opensAt: formatMinutes(opensAt),
      closesAt: formatMinutes(closesAt),
    };
    return createSendingHours(policy, '+33639981000', { timeZone }).isOpen(atMs);
  }

  it('are open when the product takes them for open', () => {
    for (const startedAtMs of STARTS) {
      for (const each of Object.values(hours)) {
        const { first, moved = first } = planWindows(each, startedAtMs);
        for (const window of [first, moved]) {
          for (const timeZone of [undefined, ...Object.values(ZONES)]) {
            for (let atMs = startedAtMs - 600_000; atMs < startedAtMs + 600_000; atMs += 7_919) {
              assert.equal(
                isWithin(window, timeZone ?? HOME_ZONE, atMs),
                byProduct(window, timeZone, atMs),
                `${JSON.stringify(window)} ${timeZone} ${new Date(atMs).toISOString()}`,
              );
            }
          }
        }
      }
    }
  });

  it('open and close within the two minutes after what the plan says', () => {
    for (const startedAtMs of STARTS) {
      const { first } = planWindows(hours['zones']!, startedAtMs);
      const isOpen = (zone: keyof typeof ZONES, afterMs: number) =>
        isWithin(first, ZONES[zone], startedAtMs + afterMs);
      assert.deepEqual([isOpen('opening', 0), isOpen('opening', 95_000)], [false, true]);
      assert.deepEqual([isOpen('closing', 0), isOpen('closing', 135_000)], [true, false]);
      assert.ok(isOpen('open', 0) && isOpen('open', 600_000));
      assert.ok(!isOpen('closed', 0) && !isOpen('closed', 600_000));
    }
  });

  it('close at once where they are moved, and open within a minute', () => {
    for (const startedAtMs of STARTS) {
      const { first, moved } = planWindows(hours['moved']!, startedAtMs);
      const isOpen = (window: SendingWindow, afterMs: number) =>
        isWithin(window, HOME_ZONE, startedAtMs + afterMs);
      assert.ok(isOpen(first, 0) && isOpen(first, 600_000));
      assert.deepEqual([isOpen(moved!, 20_000), isOpen(moved!, 91_000)], [false, true]);
    }
  });
});
