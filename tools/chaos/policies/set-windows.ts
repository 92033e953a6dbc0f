import type { SmsPolicies } from '../../../src/policies-client.js';
import type { PlannedAccount } from '../plan/policy-plan.js';
import type { WindowInForce } from '../verify/policies/policy-evidence.js';
import { insist } from './insist.js';
import { formatMinutes, planWindows, type SendingWindow } from './sending-window.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** More than any run has. */
const UNLIMITED = 100_000;

/**
 * Sets the policies of the accounts, and moves the hours of those whose owner does that later;
 * `windows` grows, and is complete once `moved` has resolved.
 */
export async function setWindows(options: {
  accounts: readonly PlannedAccount[];
  policies: Pick<SmsPolicies, 'policy'>;
  startedAtMs: number;
  idOf: (account: number) => string;
  /** Waits for a time of the plan. */
  until: (atMs: number) => Promise<void>;
  signal: AbortSignal;
}): Promise<{ readonly windows: readonly WindowInForce[]; readonly moved: Promise<void> }> {
  const { accounts, policies, startedAtMs, idOf, until, signal } = options;
  const windows: WindowInForce[] = [];

  async function setFirst(
    { hours, perMinute, segmentsPerMinute, perHour }: PlannedAccount,
    account: number,
  ): Promise<void> {
    const { first: window } = planWindows(hours, startedAtMs);
    await policies.policy.set(idOf(account), {
      days: EVERY_DAY,
      holidays: 'none',
      perMinute,
      segmentsPerMinute,
      perHour,
      perDay: UNLIMITED,
      newRecipientsPer30Days: UNLIMITED,
      ...timesOf(window),
    });
    windows.push({ account, fromMs: -Infinity, untilMs: Infinity, window });
  }

  async function move({ hours }: PlannedAccount, account: number): Promise<void> {
    if (hours.kind !== 'moved') return;
    await until(hours.changeAtMs);
    const { moved: window } = planWindows(hours, startedAtMs);
    if (window === undefined) return;
    const fromMs = Date.now();
    await insist(() => policies.policy.set(idOf(account), timesOf(window)), signal);
    const changedMs = Date.now();
    const before = windows.findIndex((one) => one.account === account);
    windows.splice(before, 1, Object.assign({}, windows[before], { untilMs: changedMs }));
    windows.push({ account, fromMs, untilMs: Infinity, window });
  }

  for (const [account, planned] of accounts.entries()) await setFirst(planned, account);
  return { windows, moved: Promise.all(accounts.map(move)).then(() => undefined) };
}

function timesOf({ opensAt, closesAt }: SendingWindow): { opensAt: string; closesAt: string } {
  return { opensAt: formatMinutes(opensAt), closesAt: formatMinutes(closesAt) };
}
