/** Which run a sealed API key belongs to: it opens for no other. */
export interface SealedKeyOwner {
  readonly workflowId: string;
  /** Stays the same when the run is reset. */
  readonly originalRunId: string;
}
