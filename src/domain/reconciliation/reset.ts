/**
 * Whether a run is kept from making a request: it was reset, the run before it may have sent, and
 * no operator has cleared it.
 */
export function isKeptFromSending(run: {
  readonly runId: string;
  /** Stays the same when the run is reset. */
  readonly originalRunId: string;
  /** The reset run that may send all the same. */
  readonly clearedRunId?: string | undefined;
}): boolean {
  return run.runId !== run.originalRunId && run.runId !== run.clearedRunId;
}
