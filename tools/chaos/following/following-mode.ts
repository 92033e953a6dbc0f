import { takePhonesOffline } from '../faults/take-phones-offline.js';
import type { StartMode } from '../mode.js';
import type { PlanWithFollowing } from '../plan/plan-with-following.js';
import { toReadings, toSendRequests } from '../verify/following/follow-evidence.js';
import { verifyFollowing } from '../verify/following/verify-following.js';
import { watchStates } from './watch-states.js';

/**
 * Followed sends, and phones that go offline, as the plan says. Jobs are judged by what the
 * provider took, as not every message reaches a phone.
 */
export function followingMode(plan: PlanWithFollowing): StartMode {
  return ({ system, simulator, startedAtMs, signal }) => {
    const { states } = system;
    if (states === undefined) throw new Error('This system follows no sends.');
    const watch = watchStates({ sends: plan.sends, states, signal });
    return Promise.resolve({
      name: 'followed',
      done: takePhonesOffline({ offline: plan.offline, simulator, startedAtMs, signal }),
      messages: simulator.taken,
      ownSends: () => [],
      isSettled: () => Promise.resolve(true),
      verify: (reports) =>
        Promise.resolve(
          verifyFollowing({
            sends: plan.sends,
            reports,
            taken: simulator.taken(),
            readings: toReadings(simulator.reads()),
            requests: toSendRequests(simulator.requests()),
            seen: watch.stories(),
          }),
        ),
    });
  };
}
