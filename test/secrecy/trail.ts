/** The kinds of place that are searched. */
export type Place =
  | 'stored in Temporal'
  | 'stored in Temporal, decrypted'
  | 'shown by Temporal'
  | 'files of Temporal'
  | 'log of Temporal'
  | 'log of PostgreSQL'
  | 'written by our processes'
  | 'served by the worker'
  | 'shown to pages'
  | 'spans'
  | 'command lines'
  | 'errors';

/** One thing that was left behind. */
export interface Trace {
  /** What it is, for a report. */
  readonly from: string;
  readonly content: Buffer | string;
}

/** All that the scenarios left behind, by place. */
export interface Trail {
  readonly add: (place: Place, from: string, content: Buffer | string) => void;
  readonly at: (place: Place) => readonly Trace[];
}

/** An empty one. */
export function createTrail(): Trail {
  const traces = new Map<Place, Trace[]>();
  const at = (place: Place) => traces.get(place) ?? [];
  return { at, add: (place, from, content) => void traces.set(place, [...at(place), { from, content }]) };
}
