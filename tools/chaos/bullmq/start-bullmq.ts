import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../servers/free-port.js';
import { startWorkerProcess } from '../../servers/worker-process.js';
import type { CommonParts } from '../parts.js';
import type { SystemUnderFire } from '../system.js';
import { createBullmqSystem } from './bullmq-system.js';
import { startRedisServer } from '../../bullmq/redis-server.js';

/**
 * Starts Redis; workers start on request.
 *
 * @throws MissingServerError without a redis-server on the PATH
 */
export async function startBullmq(common: CommonParts): Promise<SystemUnderFire> {
  const { guard, cleanUp, say, simulator, apiKeys } = common;
  const redisPort = await freePort();
  const directory = await common.makeDirectory('redis');
  const broker = await startRedisServer({ guard, directory, port: redisPort });
  cleanUp.add(broker.kill);
  say(`Redis: ready on 127.0.0.1:${redisPort}`);

  const script = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  return createBullmqSystem({
    redisUrl,
    apiKeys,
    cleanUp,
    parts: {
      broker,
      startWorker: async () => {
        const worker = await startWorkerProcess({
          guard,
          environment: { REDIS_URL: redisUrl, SMSMOBILEAPI_URL: simulator.url },
          nodeArguments: [...process.execArgv, script],
        });
        return worker.process;
      },
    },
  });
}
