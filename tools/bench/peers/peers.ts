import { MissingServerError } from '../../servers/missing-server-error.js';
import type { Say } from '../../servers/progress.js';
import type { BenchParts } from '../parts.js';
import { startBullmq } from './bullmq/start-bullmq.js';
import { startDbos } from './dbos/start-dbos.js';
import { startGraphileWorker } from './graphile-worker/start-graphile-worker.js';
import type { PeerSystem } from './peer-system.js';
import { startPgBoss } from './pg-boss/start-pg-boss.js';

/** How each peer is started, by its name for people. */
export const PEERS: Readonly<Record<string, (parts: BenchParts) => Promise<PeerSystem>>> = {
  BullMQ: startBullmq,
  'pg-boss': startPgBoss,
  'Graphile Worker': startGraphileWorker,
  DBOS: startDbos,
};

/**
 * Starts all peers; of one whose server is not installed it says so, and goes on with the others.
 */
export async function startPeers(parts: BenchParts, say: Say): Promise<readonly PeerSystem[]> {
  const started: PeerSystem[] = [];
  for (const [label, start] of Object.entries(PEERS)) {
    try {
      started.push(await start(parts));
      say(`${label}: ready`);
    } catch (error) {
      if (!(error instanceof MissingServerError)) throw error;
      say(`Skipped ${label}. ${error.message}`);
    }
  }
  return started;
}
