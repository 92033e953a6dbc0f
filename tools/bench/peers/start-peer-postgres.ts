import { startEmbeddedPostgres } from '../../servers/embedded-postgres.js';
import { POSTGRES_SETTINGS, type BenchParts } from '../parts.js';

/** What a peer on PostgreSQL keeps its jobs in. */
export interface PeerPostgres {
  /** The address of its own database. */
  readonly url: string;
  /** The server's first process. */
  readonly pid: () => number;
}

/** The server as {@link startPeerPostgres} starts it, for people. */
export const PEER_POSTGRES = 'PostgreSQL of its own with fsync and synchronous_commit on';

/**
 * Starts a PostgreSQL for one peer alone, so that its CPU time is that peer's; every commit is
 * flushed to the disk.
 */
export async function startPeerPostgres(parts: BenchParts, name: string): Promise<PeerPostgres> {
  const { guard, cleanUp, makeDirectory } = parts;
  const postgres = await startEmbeddedPostgres({
    guard,
    directory: await makeDirectory(`${name}-postgresql`),
    settings: POSTGRES_SETTINGS,
  });
  cleanUp.add(postgres.stop);
  return { url: await postgres.createDatabase('peer'), pid: postgres.pid };
}
