import { setTimeout as wait } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.js';
import type { PlannedOffline } from '../plan/planned-offline.js';
import { accountLabel } from '../verify/account-label.js';

/** Takes the first phone of each account offline and brings it back, as the plan says. */
export async function takePhonesOffline(options: {
  offline: readonly PlannedOffline[];
  simulator: Pick<Simulator, 'accounts' | 'setPhone'>;
  startedAtMs: number;
  signal: AbortSignal;
}): Promise<void> {
  const { offline, simulator, startedAtMs, signal } = options;
  const until = (atMs: number) => wait(Math.max(0, startedAtMs + atMs - Date.now()), undefined, { signal });
  await Promise.all(
    offline.map(async ({ account, atMs, forMs }) => {
      const label = accountLabel(account);
      const phone = simulator.accounts.find((each) => each.label === label)?.phones[0];
      if (phone === undefined) throw new Error('An account without a phone.');
      await until(atMs);
      simulator.setPhone(phone.id, { accountLabel: label, online: false });
      await until(atMs + forMs);
      simulator.setPhone(phone.id, { accountLabel: label, online: true });
    }),
  );
}
