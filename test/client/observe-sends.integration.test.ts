import assert from 'node:assert/strict';
import { createSmsClient, toEventStream, type SmsClient, type SmsState } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startCountingTemporal, type CountingTemporal } from '../support/counting-temporal.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startFaultySend } from '../support/started-sends.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const VIEWERS = 20;

/** A viewer's browser: it keeps what it reads until it leaves. */
async function openStream(sms: SmsClient, workflowIds: readonly string[], accountId: string | null) {
  const gone = new AbortController();
  const request = new Request('https://example.com/sends', { signal: gone.signal });
  const response = await toEventStream(sms, { workflowIds, accountId, request });
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  return {
    status: response.status,
    text: () => text,
    last: (): SmsState | undefined => {
      const [line] = text.match(/^data: \{.*$/gm)?.slice(-1) ?? [];
      return line === undefined ? undefined : (JSON.parse(line.slice('data: '.length)) as SmsState);
    },
    ended,
    leave: () => {
      gone.abort();
    },
  };
}

describe('the event stream of a send', function () {
  this.timeout(120_000);

  describe('that nobody takes up', () => {
    let fixture: SendFixture;
    let temporal: CountingTemporal;
    let client: SmsClient;
    before(async () => {
      fixture = await createSendFixture({ worker: false });
      temporal = await startCountingTemporal((await sharedTemporal()).address);
      const { payloadKeys, taskQueue } = fixture;
      client = createSmsClient({ connection: { address: temporal.address }, payloadKeys, taskQueue });
    });
    after(async () => {
      await client.close();
      await temporal.close();
      await fixture.close();
    });

    it('is read once for all viewers, and by nobody after the last has left', async () => {
      const { workflowId } = await client.send(fixture.job());
      const viewers = await Promise.all(
        Array.from({ length: VIEWERS }, () => openStream(client, [workflowId], fixture.accountId)),
      );
      await waitUntil('all to see it', () => viewers.every(({ last }) => last()?.status === 'running'));
      const [first, ...others] = viewers;
      const before = temporal.total();
      // The worker is late after five seconds, so that some readings have passed.
      await waitUntil('the state to change for all', () =>
        viewers.every(({ last }) => last()?.sentence?.startsWith('Waiting for a worker since ') === true),
      );
      assert.ok(temporal.total() - before < VIEWERS, `${temporal.total() - before} calls`);
      for (const { leave } of others) leave();
      await waitUntil('a reading for the one who stayed', () =>
        temporal.underWay().includes('GetWorkflowExecutionHistory'),
      );
      first!.leave();
      await Promise.all(viewers.map(({ ended }) => ended));
      await waitUntil('the calls to end', () => temporal.underWay().length === 0);
      const rest = temporal.total();
      // Longer than from one reading to the next.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      assert.equal(temporal.total(), rest);
    });

    it('is not for another account, nor for a claim', async () => {
      const { workflowId } = await client.send(fixture.job());
      const other = await fixture.addAccount();
      assert.equal((await openStream(client, [workflowId], other)).status, 404);
      const { temporal: own, taskQueue, accountId } = fixture;
      const claim = await own.workflow.start('claimMessageWorkflow', {
        taskQueue,
        workflowId: `sms-claim-${workflowId}`,
        memo: { accountId },
      });
      assert.equal((await openStream(client, [claim.workflowId], accountId)).status, 404);
      await claim.terminate();
    });

    it('says when a send waits for its time', async () => {
      const sendAt = new Date(Date.now() + 3_600_000);
      const { workflowId } = await client.send(fixture.job(), { sendAt });
      const viewer = await openStream(client, [workflowId], fixture.accountId);
      await waitUntil('the state', () => viewer.last()?.sentence !== undefined);
      assert.equal(viewer.last()?.sentence, `Waiting to send at ${sendAt.toISOString().slice(0, 19)}Z.`);
      viewer.leave();
      await viewer.ended;
    });
  });

  describe('from its start to its end', () => {
    let fixture: SendFixture;
    before(async () => {
      fixture = await createSendFixture();
    });
    after(() => fixture.close());

    it('says why a send waits, then that it was accepted, and ends', async () => {
      const { client, simulator, accountId } = fixture;
      const job = fixture.job();
      simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 4, number: job.recipientPhone, times: 1 });
      const sent = await client.send(job);
      const { workflowId } = sent;
      const viewer = await openStream(client, [workflowId], accountId);
      await waitUntil('the reason', () => viewer.text().includes('Request 2 follows at'));
      const { messageId } = await sent.result();
      await viewer.ended;
      const state = viewer.last();
      assert.deepEqual([state?.status, state?.messageId], ['accepted', messageId]);
      assert.ok(state?.startedAt !== undefined && state.closedAt !== undefined);
      assert.match(viewer.text(), /id: end\nevent: end\ndata:\n\n$/);
      assertHoldsNone(viewer.text(), job.recipientPhone, job.message);
    });

    it('says why a send is held, and how it failed, without number, text or key', async () => {
      const { client, accountId } = fixture;
      const job = fixture.job();
      const held = await startFaultySend(
        { ...fixture, job: () => job },
        { kind: 'http-500', recorded: false },
        { onUnknown: 'hold', unknownChecksMs: [500] },
      );
      const viewer = await openStream(client, [held.workflowId], accountId);
      await waitUntil('the hold', () => viewer.last()?.sentence?.startsWith('Held: ') === true);
      assert.equal(viewer.last()?.status, 'held');
      await client.resolve(held.workflowId, { abandon: true });
      await viewer.ended;
      const { status, code, sentence = '' } = viewer.last() ?? {};
      assert.deepEqual([status, code], ['failed', 'SEND_OUTCOME_UNKNOWN']);
      assert.ok(sentence.length > 10);
      assertHoldsNone(viewer.text(), job.recipientPhone, job.message);
      assert.doesNotMatch(viewer.text(), new RegExp(fixture.apiKey));
    });

    it('says that Temporal does not answer, and recovers by itself', async () => {
      const { address } = await sharedTemporal();
      const proxy = await startTcpProxy({ port: Number(address.split(':')[1]) });
      const { payloadKeys, taskQueue, accountId, simulator } = fixture;
      const far = createSmsClient({
        connection: { address: proxy.address },
        payloadKeys,
        taskQueue,
        callTimeoutMs: 1_000,
      });
      try {
        const job = fixture.job();
        simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 3_600, number: job.recipientPhone });
        const { workflowId } = await far.send(job);
        const viewer = await openStream(far, [workflowId], accountId);
        await waitUntil('the state', () => viewer.last()?.status === 'running');
        proxy.freeze();
        await waitUntil('the trouble', () => viewer.last()?.unreachable === true);
        assert.equal(viewer.last()?.status, 'running');
        await proxy.restore();
        await waitUntil('the state again', () => viewer.last()?.unreachable === undefined);
        await fixture.client.cancel(workflowId);
        await viewer.ended;
        assert.equal(viewer.last()?.code, 'CANCELLED');
      } finally {
        await far.close();
        await proxy.close();
      }
    });
  });
});

function assertHoldsNone(told: string, number: string, message: string): void {
  assert.ok(!told.includes(number.slice(-8)), told);
  assert.ok(!told.includes(message), told);
}
