import type { Payload } from '@temporalio/common';
import type proto from '@temporalio/proto';

/** One step in the life of a send. */
export interface SmsStep {
  /** When it happened, ISO 8601, UTC. */
  readonly at: string;
  /** What kind of step it is. */
  readonly step: SmsStepKind;
  /** What happened, for people: no number, no text, no key. */
  readonly sentence: string;
}

/**
 * The kinds of steps.
 *
 * - `started`, `reset`: the send was started, or an operator let it go on from an earlier point
 * - `key`: the account's API key could not be had
 * - `waiting`: it waits for its hours, its turn, its phone or its inbox
 * - `request`: a request to the provider, and its answer
 * - `sent-messages`: what the provider's list of sent messages says
 * - `held`: a person has to decide; `decision`: a person has decided
 * - `phone`: what the sending phone made of the accepted message
 * - `cancel`: somebody asked for a cancel
 * - `stuck`: a worker could not run the send
 * - `ended`: how it ended
 */
export type SmsStepKind =
  | 'started'
  | 'reset'
  | 'key'
  | 'waiting'
  | 'request'
  | 'sent-messages'
  | 'held'
  | 'decision'
  | 'phone'
  | 'cancel'
  | 'stuck'
  | 'ended';

/** A step without its time. */
export type UntimedStep = Omit<SmsStep, 'at'>;

/** What a history holds encoded; undefined where it cannot be read here. */
export interface StoryReader {
  /** The first value of some payloads. */
  readonly first: (payloads: readonly Payload[] | null | undefined) => Promise<unknown>;
  /** The message of a failure. */
  readonly message: (failure: Failure) => Promise<string | undefined>;
}

/** A failure in a history. */
export type Failure = proto.temporal.api.failure.v1.IFailure;

/** A step. */
export function step(kind: SmsStepKind, sentence: string): UntimedStep {
  return { step: kind, sentence };
}
