import { MINUTE_MS, NOTHING, type Outside, type Setting } from './world.js';

/**
 * A job, and what may happen from outside; the sent messages are checked 1 and 2 min after a
 * request.
 */
function setting(
  minutes: number,
  outside: Partial<Outside>,
  options: Partial<Setting['options']> = {},
): Setting {
  return {
    options: { unknownChecksMs: [MINUTE_MS, 2 * MINUTE_MS], ...options },
    outside: { ...NOTHING, ...outside },
    deadlineMs: minutes * MINUTE_MS,
  };
}

/** A sibling's request comes within the listing lag of the first check. */
const EARLY = { unknownChecksMs: [MINUTE_MS / 2, 2 * MINUTE_MS] };

/** The smallest settings that show everything which can happen to a run: explored in seconds. */
export const SETTINGS = {
  'nothing but requests and late rows': setting(6, {}),
  'an unreliable list': setting(5, { badReadings: 2 }, { maxResends: 2 }),
  'nobody who decides': setting(4, { badReadings: 1 }, { onUnknown: 'hold' }),
  'an operator': setting(4, { badReadings: 1, decisions: 2 }, { onUnknown: 'hold' }),
  'a cancel': setting(4, { badReadings: 1, decisions: 1, cancels: 1 }),
  'a key that is lost or changed': setting(4, { decisions: 1, keyLosses: 1, keyChanges: 1 }),
  'a reset': setting(4, { resets: 1, decisions: 1, cancels: 1 }),
  'a phone that fails': setting(6, { failures: 2, notSent: 1 }),
  'a phone that is offline': setting(3, { offline: 1, badReadings: 4 }),
  'a phone that is offline, and fails': setting(4, { offline: 1, failures: 1 }),
  'a sibling': setting(3, { siblings: 1 }, { onUnknown: 'fail', ...EARLY }),
} as const satisfies Record<string, Setting>;

/** The same with more of everything: explored in minutes. */
export const LARGE_SETTINGS = {
  'an operator, a cancel and an unreliable list': setting(6, { badReadings: 2, decisions: 2, cancels: 1 }),
  'a reset, an operator and a phone that fails': setting(6, { resets: 1, decisions: 2, failures: 1 }),
  'a phone that is offline, and a provider that says later': setting(4, {
    offline: 1,
    notSent: 1,
    badReadings: 4,
  }),
  'a sibling that sends again': setting(4, { siblings: 1 }),
  'a sibling, and a phone that fails': setting(
    4,
    { siblings: 1, failures: 1 },
    { onUnknown: 'fail', ...EARLY },
  ),
  'a sibling, and a reset': setting(3, { siblings: 1, resets: 1 }, { onUnknown: 'fail', ...EARLY }),
} as const satisfies Record<string, Setting>;
