/** How a job ended, in its system's own words. */
export type RunEnd =
  | {
      readonly kind: 'sent';
      /** Undefined where the system keeps none. */
      readonly messageId: string | undefined;
      /** It said by itself that it may have sent twice. */
      readonly saidDuplicate: boolean;
      /** Of a followed job: whether its phone has sent the message. */
      readonly delivery?: 'sent' | 'unknown';
      /** With `unknown`: why that is not known. */
      readonly deliveryReason?: string;
    }
  /**
   * `maybeSent`: the code leaves open whether there is a message; else it says that there is none.
   */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly maybeSent: boolean;
      /** Of a followed job: the message that was accepted, and that its phone failed to send. */
      readonly messageId?: string;
    }
  | { readonly kind: 'cancelled'; readonly maybeSent: boolean }
  | { readonly kind: 'open' }
  /** It was taken, and the system does not know it any more. */
  | { readonly kind: 'vanished' };

/** What a job went through. */
export interface RunReport {
  readonly key: string;
  readonly end: RunEnd;
  /** When it ended, epoch milliseconds; undefined if it has not. */
  readonly closedAtMs: number | undefined;
  /** Requests to the provider whose outcome was not known. */
  readonly unknownOutcomes: number;
  /** Requests that were made after such a one. */
  readonly resends: number;
  /** It ended by a row of the provider's list of sent messages. */
  readonly reconciledByList: boolean;
  /** When a followed job asked for its message for the last time, epoch milliseconds. */
  readonly lastCheckAtMs?: number;
  /** Why it was held, once for each time. */
  readonly holds: readonly string[];
  /** What its system says of why it does not go on; undefined if it says nothing. */
  readonly stuckOn: string | undefined;
}
