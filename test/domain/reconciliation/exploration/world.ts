import type { Step } from '../../../../src/domain/reconciliation/step.js';
import type { SearchStep } from '../../../../src/domain/reconciliation/search.js';
import type { SendDecision } from '../../../../src/domain/send-decision.js';
import type { SmsOptions } from '../../../../src/domain/sms-job.js';

/** The run that is explored, and one with the same number and text. */
export type RunName = 'the run' | 'the sibling';

/** A message that the provider took, and so its phone got. */
export interface Message {
  readonly id: string;
  readonly by: RunName;
  /** Milliseconds from the start, as all times are. */
  readonly atMs: number;
  /** The API key that it was sent with: its provider account. */
  readonly key: string;
  /** The list of sent messages shows it. */
  readonly isShown: boolean;
  /** The phone failed to send it, and the list says so. */
  readonly isFailed: boolean;
  /** The provider said that nothing was sent, as its phone is offline. */
  readonly isDenied: boolean;
}

/** What one reading of the sent messages came to. */
export type ReadingFate = 'truthful' | 'unreadable' | 'ambiguous' | 'no key' | 'another key';

/** The last reading since the last request. */
export interface Reading {
  readonly fate: ReadingFate;
  /** The messages that it showed, and that may have been the run's own then. */
  readonly shown: readonly string[];
}

/** How a run ended. */
export type RunEnd =
  | {
      readonly kind: 'completed';
      readonly messageId: string;
      readonly possibleDuplicateOf: string | undefined;
    }
  | { readonly kind: 'unknown' | 'not sent' };

/** One run, with what the outside knows of it. */
export interface Run {
  readonly name: RunName;
  readonly step: Pick<Step, 'state' | 'command'>;
  /** The wait or hold ends by itself, from now on. */
  readonly dueMs: number | undefined;
  /** What it asks between its readings and its answer. */
  readonly search: { readonly step: SearchStep; readonly key: string } | undefined;
  /**
   * A request that is out, the message that the provider made of it, and when Temporal gives it up.
   */
  readonly out:
    { readonly messageId: string | undefined; readonly key: string; readonly fromMs: number } | undefined;
  readonly deadlineMs: number;
  readonly requests: number;
  readonly isListed: boolean;
  readonly isCancelled: boolean;
  readonly wasReset: boolean;
  readonly isCertain: boolean;
  /**
   * The operator's side: whether decisions are taken, one that is being taken, and the last one.
   */
  readonly isOpen: boolean;
  readonly deciding: string | undefined;
  readonly decision: SendDecision | undefined;
  /** Messages that its history names. */
  readonly owned: readonly string[];
  readonly ownedFailed: readonly string[];
  readonly end: RunEnd | undefined;
  // What the promises are about.
  readonly reading: Reading | undefined;
  readonly hasUnknown: boolean;
  /** An operator has ordered to send again, and no request has followed. */
  readonly isOrdered: boolean;
  readonly granted: 'by rule' | 'by order' | undefined;
  readonly resendsByRule: number;
  /**
   * The provider said that its phone is offline, and its sent messages have not confirmed that; how
   * often they were asked.
   */
  readonly isWordUnproven: boolean;
  readonly looks: number;
  /**
   * Messages that the provider took after another of the same run, by an order or over a row that
   * appeared late.
   */
  readonly extras: number;
  /** Requests that were accepted, or are of unknown outcome. */
  readonly maybeSent: number;
  /** Looks for a second message, and what they found. */
  readonly duplicateLooks: number;
  readonly duplicate: string | undefined;
  /** An operator named this message, and was assured that it counts. */
  readonly named: string | undefined;
}

/** What may still happen from outside, and how often. */
export interface Outside {
  readonly notSent: number;
  readonly offline: number;
  readonly failures: number;
  readonly keyLosses: number;
  readonly keyChanges: number;
  readonly resets: number;
  readonly cancels: number;
  readonly decisions: number;
  readonly badReadings: number;
  readonly siblings: number;
}

/** Everything. */
export interface World {
  readonly nowMs: number;
  readonly run: Run;
  readonly sibling: Run | undefined;
  readonly messages: readonly Message[];
  readonly claims: Readonly<Record<string, RunName>>;
  /** The account's API key; undefined while it cannot be had. */
  readonly key: string | undefined;
  readonly left: Outside;
  readonly broken: string | undefined;
}

/** What is explored: the job's options, and what happens to its run. */
export interface Setting {
  readonly options: SmsOptions & Required<Pick<SmsOptions, 'unknownChecksMs'>>;
  readonly outside: Outside;
  readonly deadlineMs: number;
}

export const MINUTE_MS = 60_000;

/** How far behind Temporal's list of runs may be. */
export const LISTING_LAG_MS = MINUTE_MS;

/** When Temporal gives up a request that is out. */
export const REQUEST_TIMEOUT_MS = MINUTE_MS;

export const NOTHING: Outside = {
  notSent: 0,
  offline: 0,
  failures: 0,
  keyLosses: 0,
  keyChanges: 0,
  resets: 0,
  cancels: 0,
  decisions: 0,
  badReadings: 0,
  siblings: 0,
};

/** The run of a world by its name. */
export function runOf({ run, sibling }: World, name: RunName): Run {
  const found = name === 'the run' ? run : sibling;
  if (found === undefined) throw new Error('The sibling was not started.');
  return found;
}

/** The world with another state of a run. */
export function withRun(world: World, run: Run): World {
  return run.name === 'the run' ? { ...world, run } : { ...world, sibling: run };
}

/** The messages of a run that its phone got, and that the other run has not made its own. */
export function deliveredBy({ messages, run, sibling, claims }: World, name: RunName): readonly Message[] {
  const other = name === 'the run' ? sibling : run;
  return messages.filter(
    ({ id, by, isFailed }) =>
      by === name && !isFailed && other?.owned.includes(id) !== true && (claims[id] ?? name) === name,
  );
}

/** Whose query a reading answers: rows of another key are in another list. */
export function visibleTo(world: World, key: string): readonly Message[] {
  return world.messages.filter((message) => message.isShown && message.key === key);
}
