import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { SmsRunErrorCode } from '../domain/errors.js';
import type { SmsStatus } from '../domain/names.js';
import { addStep, NO_STEPS, renderDetails } from '../domain/run-steps.js';
import { searchAttribute, withoutSearchAttribute } from './search-attributes.js';

/**
 * Where a run stands that left the happy path: its search attribute `SmsStatus`, and its details in
 * the Web UI.
 */
export interface RunStatus {
  /**
   * Where the send is, in a sentence or two for people, with the time of the next step: no number,
   * no text. Writes no event.
   */
  setDetails(details: string): void;
  /**
   * One of the main steps of the run, in a sentence as in the send's story: shown below the
   * details. Writes no event.
   */
  note(step: string): void;
  /** The same, and the run leaves the happy path. */
  set(status: SmsStatus, details: string): void;
  /** Nothing is requested until its moment has come; `details` says until when and why. */
  wait(details: string): void;
  /** The wait is over. */
  resume(): void;
  /** From now on the run itself decides how it ends: nothing is unknown any more. */
  setCertain(): void;
  readonly isCertain: () => boolean;
  /** The provider has accepted the message, which is followed; `details` as in `setDetails`. */
  follow(details: string): void;
  /** The phone has sent the message. */
  sent(): void;
  /** Marks a run that fails with its code. */
  fail(code: SmsRunErrorCode): void;
}

/** A run on the happy path writes nothing: each upsert is an event. */
export function createRunStatus(): RunStatus {
  let current: SmsStatus | undefined;
  let waiting = false;
  let certain = false;
  let present = '';
  let waited: string | undefined;
  let steps = NO_STEPS;
  const show = (details: string): void => {
    present = details;
    setCurrentDetails(renderDetails(present, steps));
  };
  const note = (step: string): void => {
    steps = addStep(steps, step, Date.now());
    setCurrentDetails(renderDetails(present, steps));
  };
  return {
    setDetails: show,
    note,
    set(status, details) {
      show(details);
      if (status === current) return;
      if (status === 'held') note('Held.');
      current = status;
      upsertSearchAttributes([searchAttribute('SmsStatus', status)]);
    },
    wait(details) {
      show(details);
      waited = details.replace(/^Waiting/, 'Waited');
      if (waiting) return;
      waiting = true;
      upsertSearchAttributes([searchAttribute('SmsStatus', 'waiting' satisfies SmsStatus)]);
    },
    resume() {
      if (!waiting) return;
      waiting = false;
      if (waited !== undefined) note(waited);
      upsertSearchAttributes([
        current === undefined ? withoutSearchAttribute('SmsStatus') : searchAttribute('SmsStatus', current),
      ]);
    },
    follow(details) {
      this.set(wasResent(current) ? 'resent-accepted' : 'accepted', details);
    },
    sent() {
      upsertSearchAttributes([searchAttribute('SmsStatus', wasResent(current) ? 'resent-sent' : 'sent')]);
    },
    setCertain() {
      certain = true;
    },
    isCertain: () => certain,
    fail(code) {
      show(`Ended with ${code}.`);
      const isLeftOpen = current !== undefined && !certain;
      upsertSearchAttributes([
        searchAttribute('SmsErrorCode', code),
        ...(isLeftOpen ? [searchAttribute('SmsStatus', 'unresolved' satisfies SmsStatus)] : []),
      ]);
    },
  };
}

/** Whether a status is one of a message that was sent again. */
function wasResent(status: SmsStatus | undefined): boolean {
  return status === 'resent' || status === 'resent-accepted';
}
