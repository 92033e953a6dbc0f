/** Temporal's stores keep no longer workflow id in full. */
const MAX_WORKFLOW_ID = 255;

const RETRY_ID = /^(?<base>.+)-retry-(?<number>[1-9]\d{0,5})$/s;

/** A send and its place in the row of its retries: 0 is the first send itself. */
export interface RetryPlace {
  readonly base: string;
  readonly number: number;
}

/** Where a workflow id stands: `X-retry-2` is the second retry of X. */
export function readRetryId(workflowId: string): RetryPlace {
  const { base, number } = RETRY_ID.exec(workflowId)?.groups ?? {};
  return base === undefined ? { base: workflowId, number: 0 } : { base, number: Number(number) };
}

/** The workflow id at a place. */
export function retryIdAt({ base, number }: RetryPlace): string {
  return number === 0 ? base : `${base}-retry-${number}`;
}

/**
 * The one workflow id of a retry of this send, no matter who starts it; undefined if it would be
 * too long to be kept.
 */
export function nextRetryId(workflowId: string): string | undefined {
  const { base, number } = readRetryId(workflowId);
  const next = retryIdAt({ base, number: number + 1 });
  return next.length <= MAX_WORKFLOW_ID ? next : undefined;
}
