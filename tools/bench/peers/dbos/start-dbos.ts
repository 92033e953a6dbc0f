import { fileURLToPath } from 'node:url';
import { freePort } from '../../../servers/free-port.js';
import type { BenchParts } from '../../parts.js';
import type { PeerSystem } from '../peer-system.js';
import { readPackageVersion } from '../read-package-version.js';
import { PEER_POSTGRES, startPeerPostgres } from '../start-peer-postgres.js';
import { startPeerWorker } from '../start-peer-worker.js';
import { POOL_SIZE, SEND_PATH, type SendRequest } from './send-request.js';

/** From its source: dbos-executor.js, system_database.js; and docs.dbos.dev ("Workflows", "Steps"). */
const UNPROTECTED = [
  'Never lost: a workflow that was started is in PostgreSQL, and goes on from its last recorded step when its process is started again, under the same executor id and application version; of another version it waits, unless its Conductor or a person sees to it.',
  'Never twice: a step is recorded after it has run. A process that is killed after the POST runs the step again when it recovers, and sends again.',
  'Never twice: a reply that does not come (time-out, reset connection, HTTP 5xx) is an error like any other; with retries allowed, the next of the 3 attempts sends again, and nobody looks at the provider’s log. Without retries, which is the default, the workflow fails, also where the SMS went out.',
  'Never twice, on the way in: protected. An id of a workflow is taken once, for as long as its record is kept; starting it again gives the same result.',
  'Never told: number and text are in clear in PostgreSQL, in its log of writes and its backups, and so is the decrypted API key, as the result of its step; nothing is deleted after the end unless somebody does. It takes a serializer of one’s own, which could encrypt.',
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
    settings: `${PEER_POSTGRES}; one app with Express, which starts a workflow of three steps (3 attempts each) in its own process for each request and replies with its result (getResult); system database pool ${POOL_SIZE}, its default. There is no queue between, which would be polled once a second.`,
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
