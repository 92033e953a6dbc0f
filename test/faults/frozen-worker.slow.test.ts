import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SELF_SIGNED } from '../provider/self-signed.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  endsOf,
  requestIsOut,
  requestsFor,
  RECONCILED_WITHIN_MS,
  startFaultySend,
  startSend,
  type StartedSend,
} from '../support/started-sends.js';
import { makeDirectory } from '../support/scratch.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

/** What a case leaves behind: a frozen worker, and its sends with how their requests should end. */
interface Frozen {
  readonly worker: RunningWorker;
  readonly sends: readonly {
    readonly send: StartedSend;
    readonly ends: readonly string[];
    /** The worker proves that it wrote nothing. */
    readonly unwritten?: true;
  }[];
  /** Mends what else is broken, before the worker wakes. */
  readonly mend?: () => Promise<void>;
}

const RESENT = ['timed out', 'completed'];
const FOUND = ['timed out'];

/**
 * The types of the failures of this send's request that the worker logged: Temporal no longer wants
 * to know.
 */
function loggedFailures(worker: RunningWorker, { workflowId }: StartedSend): (string | undefined)[] {
  return worker
    .output()
    .split('\n')
    .filter((line) => line.includes('"Activity failed"') && line.includes(workflowId))
    .map((line) => (JSON.parse(line) as { error?: { type?: string } }).error?.type);
}

describe('a worker frozen for longer than Temporal waits for a request', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });

  async function begin(fixture: SendFixture, further: Record<string, string> = {}): Promise<RunningWorker> {
    const worker = await startWorker(await workerEnvironment(fixture, further));
    cleanUps.push(() => worker.process.stop('SIGKILL'));
    return worker;
  }

  /**
   * A network to the provider with TLS: unlike TCP's, its connections need an answer that the
   * kernel does not give.
   */
  async function startTlsRoute(providerUrl: string) {
    const server = createServer(SELF_SIGNED, (client) => {
      const provider = connect(Number(new URL(providerUrl).port), '127.0.0.1');
      client.on('error', () => provider.destroy()).pipe(provider);
      provider.on('error', () => client.destroy()).pipe(client);
    });
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const proxy = await startTcpProxy({ port: (server.address() as AddressInfo).port });
    cleanUps.push(async () => {
      await proxy.close();
      server.close();
    });
    const certificate = join(await makeDirectory('certificate'), 'localhost.pem');
    await writeFile(certificate, SELF_SIGNED.cert);
    const environment = {
      SMSMOBILEAPI_URL: `https://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificate,
    };
    return { proxy, environment };
  }

  /** Frozen while it waits for a reply, and while it connects for another request. */
  async function freezeInReplyAndHandshake(fixture: SendFixture): Promise<Frozen> {
    const { proxy, environment } = await startTlsRoute(fixture.simulator.url);
    const worker = await begin(fixture, environment);
    const awaiting = await startFaultySend(fixture, {
      kind: 'slow-reply',
      recorded: true,
      delayMs: 20_000,
    });
    await requestIsOut(fixture, awaiting);
    proxy.freeze();
    const connecting = await startSend(fixture);
    await waitUntil('the handshake to begin', () => proxy.heldBack() > 0);
    worker.process.child.kill('SIGSTOP');
    return {
      worker,
      sends: [
        { send: awaiting, ends: FOUND },
        { send: connecting, ends: RESENT, unwritten: true },
      ],
      mend: () => proxy.restore(),
    };
  }

  /**
   * Frozen when the connection stands and nothing is written: the last moment at which the request
   * can be kept back.
   */
  async function freezeWhenConnected(fixture: SendFixture): Promise<Frozen> {
    const preload = new URL('./stop-when-connected.mjs', import.meta.url).href;
    const worker = await begin(fixture, { NODE_OPTIONS: `--import=${preload}` });
    const send = await startSend(fixture);
    await waitUntil('the worker to stop', () => worker.output().includes('stopped before the first byte'));
    assert.equal(requestsFor(fixture, send).length, 0);
    return { worker, sends: [{ send, ends: RESENT, unwritten: true }] };
  }

  /** Lets another worker go on, then wakes the frozen one: it sends nothing more. */
  async function play(freeze: (fixture: SendFixture) => Promise<Frozen>): Promise<void> {
    const fixture = await createSendFixture({ worker: false });
    cleanUps.push(fixture.close);
    const { worker, sends, mend } = await freeze(fixture);
    await begin(fixture);
    const started = sends.map(({ send }) => send);
    await assertEachSentOnce(fixture, started);
    await mend?.();
    const { child, ended } = worker.process;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    // By then it has ended what it had begun.
    assert.equal(await ended, 0, worker.output());
    await assertEachSentOnce(fixture, started);
    // Also counts one of which only the head was written.
    assert.equal(fixture.simulator.requestCount(), sends.length);
    for (const { send, ends, unwritten } of sends) {
      assert.equal(requestsFor(fixture, send).length, 1);
      assert.deepEqual(await endsOf(fixture, send), ends);
      if (unwritten) assert.deepEqual(loggedFailures(worker, send), ['PROVIDER_UNAVAILABLE']);
    }
  }

  it('sends nothing more, whether it was connecting, about to write or waiting for the reply', async function () {
    this.timeout(RECONCILED_WITHIN_MS * 2);
    // At the same time, as each waits for more than a minute.
    const played = await Promise.allSettled([freezeInReplyAndHandshake, freezeWhenConnected].map(play));
    for (const result of played) if (result.status === 'rejected') throw result.reason;
  });
});
