import type { SmsJob } from '../../src/domain/sms-job.js';
import type { CheckFate, RequestFate } from './scenario.js';

/** A message at the provider. */
export interface ProviderMessage {
  readonly id: string;
  /** Number and text: messages of one group are indistinguishable. */
  readonly group: string;
  readonly job: SmsJob;
  /** Epoch milliseconds by the skipped clock. */
  readonly recordedAtMs: number;
  readonly shownAtMs: number;
  readonly failed: boolean;
}

/** One look at the list of sent messages. */
export interface Reading {
  readonly atMs: number;
  readonly fate: CheckFate;
  readonly shown: readonly ProviderMessage[];
  /** Whether the message is still looked for, or a second one beside it. */
  readonly purpose: 'reconcile' | 'duplicate';
}

/** A send and its resets, as the world sees them: one owner of messages. */
export interface TrackedSend {
  readonly name: string;
  readonly job: SmsJob;
  readonly group: string;
  readonly workflowId: string;
  readonly startedAtMs: number;
  readonly deadlineMs: number;
  readonly requests: RequestFate[];
  readonly checks: CheckFate[];
  originalRunId: string | undefined;
  wasReset: boolean;
  /** The first request of unknown outcome began; epoch milliseconds. */
  unknownFromMs: number | undefined;
  /** A resend was decided and has not gone out, according to the reply. */
  granted: 'by rule' | 'by order' | undefined;
  /** How often sending again by the rule has maybe gone out. */
  resendsByRule: number;
  /**
   * A request that followed one of unknown outcome was accepted, or is of unknown outcome itself.
   */
  wasSentAgain: boolean;
  /** An operator ordered to send again, and no request has followed. */
  ordered: boolean;
  /** The last look at the log since the last request. */
  reading: Reading | undefined;
  /** The last request was answered, or its message found; epoch milliseconds. */
  sentAtMs: number | undefined;
  /** According to its history. */
  requestOut: boolean;
  /**
   * How many of its requests have begun, and how many of these have not ended, whatever its history
   * shows.
   */
  begun: number;
  inFlight: number;
  /** What its histories tell: ids that it was accepted with or has found. */
  readonly messageIds: Set<string>;
  /** When the server had acknowledged a cancel, epoch milliseconds. */
  cancelledAtMs: number | undefined;
}

/** What the model asks about a world. */
export interface SeenWorld {
  readonly sends: readonly TrackedSend[];
  readonly messages: readonly ProviderMessage[];
  /**
   * What a reading showed of a send's group, sent since its doubt began, that no other send owns by
   * now.
   */
  unownedBesides(send: TrackedSend, reading: Reading): readonly ProviderMessage[];
  /** How many messages a group may have beyond one a send. */
  extrasOf(group: string): number;
}

/** A send that has not begun. */
export function trackSend(
  plan: Pick<
    TrackedSend,
    'name' | 'job' | 'group' | 'workflowId' | 'startedAtMs' | 'deadlineMs' | 'requests' | 'checks'
  >,
): TrackedSend {
  return {
    ...plan,
    originalRunId: undefined,
    wasReset: false,
    unknownFromMs: undefined,
    granted: undefined,
    resendsByRule: 0,
    wasSentAgain: false,
    ordered: false,
    reading: undefined,
    sentAtMs: undefined,
    requestOut: false,
    begun: 0,
    inFlight: 0,
    messageIds: new Set(),
    cancelledAtMs: undefined,
  };
}
