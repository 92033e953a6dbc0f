/** A sending phone is offline for a while; times are in milliseconds from the start of the run. */
export interface PlannedOffline {
  readonly account: number;
  readonly atMs: number;
  readonly forMs: number;
}
