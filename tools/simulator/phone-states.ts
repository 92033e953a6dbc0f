import { z } from 'zod';

/** The state of a phone that sends for an account. */
export interface PhoneState {
  /** Whether the provider reaches it; a phone that is not sends nothing: error 2. */
  readonly online: boolean;
  /** Percent. */
  readonly battery: number;
  /** Of the provider's app. */
  readonly version: string;
  /** When it was last online, epoch milliseconds. */
  readonly lastSeenAtMs: number;
}

/** The form of a change of a phone's state. */
export const phoneChangesSchema = z.strictObject({
  online: z.boolean().optional(),
  battery: z.int().min(0).max(100).optional(),
  version: z.string().min(1).max(40).optional(),
});

/** What changes of a phone's state. */
export type PhoneChanges = z.output<typeof phoneChangesSchema>;

interface Account {
  readonly label: string;
}

/** Keeps the state of the phones; at first all are online. */
export function createPhoneStates(deps: { now: () => number; changed: () => void }) {
  const states = new Map<string, Omit<PhoneState, 'lastSeenAtMs'> & { offlineSinceMs?: number }>();

  const keyOf = (account: Account, phoneId: string) => `${account.label}\n${phoneId}`;
  const stored = (account: Account, phoneId: string) =>
    states.get(keyOf(account, phoneId)) ?? { online: true, battery: 87, version: '4.2.0' };

  function get(account: Account, phoneId: string): PhoneState {
    const { offlineSinceMs, ...state } = stored(account, phoneId);
    return { ...state, lastSeenAtMs: offlineSinceMs ?? deps.now() };
  }

  return {
    get,
    /** Changes the state of a phone. */
    change(account: Account, phoneId: string, changes: PhoneChanges): PhoneState {
      const before = stored(account, phoneId);
      const online = changes.online ?? before.online;
      states.set(keyOf(account, phoneId), {
        online,
        battery: changes.battery ?? before.battery,
        version: changes.version ?? before.version,
        ...(!online && { offlineSinceMs: before.offlineSinceMs ?? deps.now() }),
      });
      deps.changed();
      return get(account, phoneId);
    },
    clear(): void {
      states.clear();
    },
  };
}

/** The state of the phones. */
export type PhoneStates = ReturnType<typeof createPhoneStates>;
