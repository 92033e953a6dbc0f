import type { ShapeActivityOptions } from '../shapes/activities.js';

/** The options of a peer's worker process, as JSON in its environment. */
export interface PeerWorkerOptions {
  /** The address of what the system keeps its jobs in. */
  readonly storeUrl: string;
  readonly activities: ShapeActivityOptions;
  /** Where it listens on loopback; only for systems that are called over HTTP. */
  readonly port?: number | undefined;
}

/** The variable that holds them. */
export const PEER_WORKER = 'PEER_WORKER';

/** Reads them in the process of the worker. */
export function readPeerWorkerOptions(): PeerWorkerOptions {
  return JSON.parse(process.env[PEER_WORKER] ?? '{}') as PeerWorkerOptions;
}
