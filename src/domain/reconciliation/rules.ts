import {
  DEFAULT_MAX_RESENDS,
  DEFAULT_ON_UNKNOWN,
  HELD_ASKS,
  LOOKS_BEFORE_REPEAT,
} from '../replayed-constants.js';
import type { SmsOptions } from '../sms-job.js';

/** What is done about a message that a readable list does not show. */
export type CleanRule =
  | { readonly kind: 'resend' }
  | { readonly kind: 'fail' }
  /** An operator decides; `reason` in a few plain words. */
  | { readonly kind: 'hold'; readonly reason: string };

/**
 * The rule for a clean list at the end of the window, and for every clean list while the run is
 * held.
 */
export function ruleForCleanList(state: {
  readonly options: SmsOptions | undefined;
  /** How often the message was sent again and that may have gone out. */
  readonly resends: number;
  /** Sending again was decided, and the request was proven not sent. */
  readonly isGranted: boolean;
  readonly wasReset: boolean;
}): CleanRule {
  if (state.isGranted) return { kind: 'resend' };
  const { onUnknown = DEFAULT_ON_UNKNOWN, maxResends = DEFAULT_MAX_RESENDS } = state.options ?? {};
  if (state.wasReset) {
    return {
      kind: 'hold',
      reason: 'the run was reset, and its message may have left the list of sent messages since',
    };
  }
  if (onUnknown === 'fail') return { kind: 'fail' };
  if (onUnknown === 'hold') {
    return {
      kind: 'hold',
      reason:
        'the provider’s sent messages do not show the message, and the job leaves the decision to a person',
    };
  }
  return state.resends < maxResends
    ? { kind: 'resend' }
    : {
        kind: 'hold',
        reason:
          state.resends === 0
            ? 'the provider’s sent messages do not show the message, and the job does not allow a resend'
            : 'the provider’s sent messages do not show the message, and the job allows no further resend',
      };
}

/**
 * How long after its last answer the provider is asked again while a run is held, in milliseconds;
 * `asked` counts from 0.
 */
export function delayBeforeAsk(asked: number): number {
  if (asked > HELD_ASKS.patientAfterAsks) return HELD_ASKS.patientMs;
  return Math.min(HELD_ASKS.maxMs, HELD_ASKS.firstMs * 2 ** Math.min(asked, 10));
}

/** The wait after a look, from 1, that found the sent messages unreadable; in milliseconds. */
export function delayAfterLook(look: number): number {
  return LOOKS_BEFORE_REPEAT.firstDelayMs * 2 ** (look - 1);
}
