/** A run and its resets: they are one owner of messages. */
export interface RunOwner {
  readonly workflowId: string;
  /** Stays the same when the run is reset. */
  readonly originalRunId: string;
}

/** Whether two owners are the same run, or resets of it. */
export function isSameOwner(one: RunOwner, other: RunOwner): boolean {
  return one.workflowId === other.workflowId && one.originalRunId === other.originalRunId;
}

/**
 * A run that sends, or sent, to the same number from the same account, according to its own
 * history.
 */
export interface OwningRun {
  readonly owner: RunOwner;
  /** The text of its job; undefined if it cannot be read here. */
  readonly text: string | undefined;
  /** Ids of messages that it was accepted with, has claimed, or ended with. */
  readonly messageIds: readonly string[];
  /** The `messageIds` that the account's phone failed to send. */
  readonly failedMessageIds?: readonly string[];
  /** One of its requests is out, and the reply is not known yet. */
  readonly requestOut: boolean;
}
