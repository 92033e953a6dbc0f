import type { SmsOptions } from '../sms-job.js';

/** When the sent messages are read after a request of unknown outcome, in milliseconds from the request's end. */
export const DEFAULT_UNKNOWN_CHECKS_MS: readonly number[] = [10_000, 30_000, 120_000, 300_000];

/** What is done about a message that a readable list does not show, unless its job says otherwise. */
export const DEFAULT_ON_UNKNOWN = 'resend' satisfies SmsOptions['onUnknown'];

/** How often a run sends again by itself, unless its job says otherwise. */
export const DEFAULT_MAX_RESENDS = 1;

/** What is done about a message that a readable list does not show. */
export type CleanRule =
  | { readonly kind: 'resend' }
  | { readonly kind: 'fail' }
  /** An operator decides; `reason` in a few plain words. */
  | { readonly kind: 'hold'; readonly reason: string };

/** The rule for a clean list at the end of the window, and for every clean list while the run is held. */
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
    return { kind: 'hold', reason: 'the run was reset, and its message may have left the log since' };
  }
  if (onUnknown === 'fail') return { kind: 'fail' };
  if (onUnknown === 'hold') {
    return {
      kind: 'hold',
      reason: 'the log does not show the message, and the job asks for a person to decide',
    };
  }
  return state.resends < maxResends
    ? { kind: 'resend' }
    : {
        kind: 'hold',
        reason:
          state.resends === 0
            ? 'the log does not show the message, and the job does not allow to send it again'
            : 'the log does not show the message, and it was sent again as often as the job allows',
      };
}

const FIRST_ASK_MS = 60_000;
const MAX_ASK_MS = 15 * 60_000;

/** After a day the provider is asked hourly: a run that is held for weeks must not outgrow its history. */
const ASKS_OF_A_DAY = 100;
const PATIENT_ASK_MS = 60 * 60_000;

/** How long after its last answer the provider is asked again while a run is held, in milliseconds; `asked` counts from 0. */
export function delayBeforeAsk(asked: number): number {
  if (asked > ASKS_OF_A_DAY) return PATIENT_ASK_MS;
  return Math.min(MAX_ASK_MS, FIRST_ASK_MS * 2 ** Math.min(asked, 10));
}

/** While they cannot be read, the sent messages are asked so often before a request is repeated all the same. */
export const MAX_LOOKS = 4;

const FIRST_LOOK_DELAY_MS = 5_000;

/** The wait after a look, from 1, that found the sent messages unreadable; in milliseconds. */
export function delayAfterLook(look: number): number {
  return FIRST_LOOK_DELAY_MS * 2 ** (look - 1);
}
