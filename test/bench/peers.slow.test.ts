import assert from 'node:assert/strict';
import { createJobMaker } from '../../tools/bench/load/make-jobs.js';
import { startBenchParts, type BenchParts } from '../../tools/bench/parts.js';
import { PEERS } from '../../tools/bench/peers/peers.js';
import type { PeerSystem } from '../../tools/bench/peers/peer-system.js';
import { MissingServerError } from '../../tools/servers/missing-server-error.js';
import { createCleanUp } from '../../tools/servers/clean-up.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

const JOBS = 3;
/** Read here: once tests run, the shell's environment is gone. */
const isRedisRequired = process.env['CI_REDIS'] === 'required';
const quiet = () => undefined;

describe('the peers of the benchmark', function () {
  this.timeout('5 minutes');
  const cleanUp = createCleanUp(report);
  let parts: BenchParts;
  before(async () => {
    parts = await startBenchParts({ cleanUp, say: quiet });
  });
  after(() => cleanUp.run());

  for (const [label, start] of Object.entries(PEERS)) {
    describe(label, () => {
      const ownCleanUp = createCleanUp(report);
      let peer: PeerSystem;
      before(async function () {
        try {
          peer = await start({ ...parts, cleanUp: ownCleanUp });
        } catch (error) {
          if (!(error instanceof MissingServerError) || isRedisRequired) throw error;
          this.skip();
        }
      });
      after(() => ownCleanUp.run());

      it('names itself and the processes to measure', () => {
        assert.match(peer.version, /^\d+\.\d+\.\d+/);
        assert.notEqual(peer.settings, '');
        assert.ok(peer.unprotected.length > 0);
        const pids = [...peer.workerPids(), ...peer.serverPids()];
        assert.equal(new Set(pids).size, 2);
        for (const pid of pids) assert.ok(process.kill(pid, 0));
      });

      it('sends each job once', async () => {
        await clearSimulator(parts);
        const nextJob = createJobMaker(parts.accountId, `test-${peer.name}`);
        const jobs = Array.from({ length: JOBS }, nextJob);
        await Promise.all(jobs.map((job) => peer.send(job)));
        assert.deepEqual(
          await waitForRecipients(parts),
          jobs.map(({ recipientPhone }) => recipientPhone).sort(),
        );
        assert.equal(await countRequests(parts), JOBS);
      });

      it('rejects a job that fails, and sends nothing', async () => {
        await clearSimulator(parts);
        const { databaseUrl, encryptionKey } = parts;
        const accountId = await addAccount(databaseUrl, { encryptionKey });
        await assert.rejects(peer.send(createJobMaker(accountId, `keyless-${peer.name}`)()));
        assert.equal(await countRequests(parts), 0);
      });
    });
  }
});

function report(error: unknown): void {
  process.stderr.write(`clean-up: ${String(error)}\n`);
}

async function clearSimulator({ providerUrl }: BenchParts): Promise<void> {
  const response = await fetch(`${providerUrl}/_control/clear`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(response.status, 204);
}

/** The messages that the phone has received, a while after the request. */
async function waitForRecipients(parts: BenchParts): Promise<string[]> {
  return await waitUntil('the messages to arrive', async () => {
    const { messages } = await control<{ messages: { recipient: string }[] }>(parts, 'messages');
    return messages.length >= JOBS && messages.map(({ recipient }) => recipient).sort();
  });
}

async function countRequests(parts: BenchParts): Promise<number> {
  return (await control<{ count: number }>(parts, 'requests')).count;
}

async function control<T>({ providerUrl }: BenchParts, path: string): Promise<T> {
  return (await (await fetch(`${providerUrl}/_control/${path}`)).json()) as T;
}
