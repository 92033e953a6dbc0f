import { fileURLToPath } from 'node:url';
import { freePort } from '../../../servers/free-port.js';
import type { BenchParts } from '../../parts.js';
import type { PeerSystem } from '../peer-system.js';
import { readPackageVersion } from '../read-package-version.js';
import { PEER_POSTGRES, startPeerPostgres } from '../start-peer-postgres.js';
import { startPeerWorker } from '../start-peer-worker.js';
import { POOL_SIZE, SEND_PATH, type SendRequest } from './send-request.js';

/**
 * From its source: dbos-executor.js, system_database.js; and docs.dbos.dev ("Workflows", "Steps").
 */
const UNPROTECTED = [
  'Never lost: PostgreSQL holds every started workflow. It continues from its last recorded step when its process restarts with the same executor id and application version. With another version it waits until Conductor or a person recovers it.',
  'Never twice: a step is recorded after it has run. A process killed after the POST reruns the step during recovery and sends again.',
  'Never twice: a missing reply (time-out, reset connection, HTTP 5xx) is an ordinary error. With retries, the next of the 3 attempts sends again, and nothing checks the provider’s sent messages. Without retries, the default, the workflow fails even if the SMS went out.',
  'Never twice, on the way in: protected. A workflow id is accepted once while its record is kept; starting it again returns the same result.',
  'Never exposed: number and text are in clear in PostgreSQL, its write-ahead log and its backups. So is the decrypted API key, as the result of its step. Nothing is deleted automatically. A custom serializer could encrypt.',
];

/** Starts an app with DBOS in it, on a PostgreSQL of its own. */
export async function startDbos(parts: BenchParts): Promise<PeerSystem> {
  const postgres = await startPeerPostgres(parts, 'dbos');
  const port = await freePort();
  const script = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const worker = await startPeerWorker(parts, { script, storeUrl: postgres.url, port });
  return {
    name: 'dbos',
    label: 'DBOS',
    version: await readPackageVersion('@dbos-inc/dbos-sdk'),
    settings: `${PEER_POSTGRES}; one app with Express, which starts a workflow of three steps (3 attempts each) in its own process for each request and replies with its result (getResult); system database pool ${POOL_SIZE}, its default. It uses no queue, which would be polled once a second.`,
    unprotected: UNPROTECTED,
    async send({ key, accountId, recipientPhone, message }) {
      const request: SendRequest = { key, job: { accountId, recipientPhone, message } };
      const response = await fetch(`http://127.0.0.1:${port}${SEND_PATH}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`DBOS: the workflow failed: ${body}`);
    },
    workerPids: () => [worker.process.pid],
    serverPids: () => [postgres.pid()],
  };
}
