import { omitUndefined } from '../../../src/domain/omit-undefined.js';
import { startWorkerProcess, type WorkerProcess } from '../../servers/worker-process.js';
import type { BenchParts } from '../parts.js';
import { toActivityOptions } from '../shapes/worker-options.js';
import { PEER_WORKER, type PeerWorkerOptions } from './peer-worker-options.js';

/** Starts a peer's worker in a process of its own. */
export async function startPeerWorker(
  parts: BenchParts,
  options: {
    /** The path of what the process runs. */
    script: string;
    storeUrl: string;
    port?: number;
    onOutput?: (text: string) => void;
  },
): Promise<WorkerProcess> {
  const { script, storeUrl, port, onOutput } = options;
  const told: PeerWorkerOptions = {
    storeUrl,
    activities: toActivityOptions(parts),
    port,
  };
  const worker = await startWorkerProcess({
    guard: parts.guard,
    environment: { [PEER_WORKER]: JSON.stringify(told) },
    nodeArguments: [...process.execArgv, script],
    ...omitUndefined({ onOutput }),
  });
  parts.cleanUp.add(worker.stop);
  return worker;
}
