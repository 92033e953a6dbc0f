import type { SmsOptions } from './sms-job.js';

/** When the sent log is read after a request of unknown outcome, in milliseconds from the request's end. */
export const DEFAULT_UNKNOWN_CHECKS_MS: readonly number[] = [10_000, 30_000, 120_000, 300_000];

/** What is done about a message that a readable log does not show, unless its job says otherwise. */
export const DEFAULT_ON_UNKNOWN = 'resend' satisfies SmsOptions['onUnknown'];

/** How often a run sends again of its own accord, unless its job says otherwise. */
export const DEFAULT_MAX_RESENDS = 1;

/** What is done about a message that a readable log does not show. */
export type CleanRule =
  | { readonly kind: 'resend' }
  | { readonly kind: 'fail' }
  /** A person decides; `reason` in a few plain words. */
  | { readonly kind: 'hold'; readonly reason: string };

/** The rule for a clean log at the end of the window, and for every clean log while the run is held. */
export function ruleForCleanLog(state: {
  readonly options: SmsOptions | undefined;
  /** How often the message was sent again, as far as that may have gone out. */
  readonly resends: number;
  /** Sending again was decided, and the request was proven not sent. */
  readonly granted: boolean;
  readonly wasReset: boolean;
}): CleanRule {
  if (state.granted) return { kind: 'resend' };
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
const LONGEST_ASK_MS = 15 * 60_000;

/** After a day the log is asked hourly: a run that is held for weeks must not outgrow its history. */
const ASKS_OF_A_DAY = 100;
const PATIENT_ASK_MS = 60 * 60_000;

/** How long after its last answer the log is asked again while a run is held, in milliseconds; `asked` counts from 0. */
export function delayBeforeAsk(asked: number): number {
  if (asked > ASKS_OF_A_DAY) return PATIENT_ASK_MS;
  return Math.min(LONGEST_ASK_MS, FIRST_ASK_MS * 2 ** Math.min(asked, 10));
}
