import assert from 'node:assert/strict';
import { NativeConnection } from '@temporalio/worker';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { fetchHistory } from '../support/run-history.js';
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
import { sharedTemporal } from '../support/shared-parts.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

describe('a broken network between worker and Temporal', () => {
  let proxy: TcpProxy;
  let nativeConnection: NativeConnection;
  let fixture: SendFixture;
  /** The recipients of the requests that got an answer. */
  const answered: string[] = [];
  before(async () => {
    const { address } = await sharedTemporal();
    proxy = await startTcpProxy({ port: Number(address.split(':')[1]) });
    installQuietRuntime();
    nativeConnection = await NativeConnection.connect({ address: proxy.address });
    fixture = await createSendFixture({
      temporal: { address, nativeConnection },
      change: (ports) => ({
        ...ports,
        provider: {
          async send(request) {
            const outcome = await ports.provider.send(request);
            answered.push(request.recipientPhone);
            return outcome;
          },
        },
      }),
    });
  });
  after(async () => {
    await proxy.restore();
    await fixture.close();
    await nativeConnection.close();
    await proxy.close();
  });

  const slow = (delayMs: number) => startFaultySend(fixture, { kind: 'slow-reply', recorded: true, delayMs });
  const isAnswered = ({ job }: StartedSend) => answered.includes(job.recipientPhone);

  async function assertOneRequestEach(sends: readonly StartedSend[]): Promise<void> {
    await assertEachSentOnce(fixture, sends);
    for (const send of sends) assert.equal(requestsFor(fixture, send).length, 1);
  }

  for (const trouble of ['cut', 'freeze'] as const) {
    it(`keeps replies that come during a ${trouble} of 15 s`, async function () {
      this.timeout(RECONCILED_WITHIN_MS * 2);
      const sends = [await slow(15_000), await slow(4_000)];
      for (const send of sends) await requestIsOut(fixture, send);
      await proxy[trouble]();
      assert.ok(!sends.some(isAnswered), 'the machine is too slow: an answer came before');
      await waitUntil('the answers to come', () => sends.every(isAnswered));
      const later = await startSend(fixture);
      await proxy.restore();
      await assertOneRequestEach([...sends, later]);
      // Reported when the network was back, or given up and found in the log.
      for (const send of sends) {
        const ends = (await endsOf(fixture, send)).join();
        assert.ok(['completed', 'timed out'].includes(ends), ends);
      }
    });
  }

  it('sends once when a task is delayed in the network and handed out again', async function () {
    this.timeout(RECONCILED_WITHIN_MS * 2);
    proxy.freeze('replies');
    const sends = await Promise.all(Array.from({ length: 3 }, () => startSend(fixture)));
    await waitUntil('a task to be given up', async () => {
      const histories = await Promise.all(
        sends.map(({ workflowId }) => fetchHistory(fixture.temporal, workflowId)),
      );
      return histories.some(({ events }) =>
        events?.some(({ workflowTaskTimedOutEventAttributes: timedOut }) => timedOut),
      );
    });
    assert.ok(sends.every((send) => requestsFor(fixture, send).length === 0));
    await proxy.restore();
    await assertOneRequestEach(sends);
  });
});
