import assert from 'node:assert/strict';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { fetchHistory, smsAttributesOf, sendEndsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  requestFailed,
  requestIsOut,
  requestsFor,
  startSend,
  type StartedSend,
} from '../support/started-sends.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** Longer than any reply that a test waits for. */
const NEVER_MS = 60_000;

describe('a broken network between worker and provider', () => {
  let proxy: TcpProxy;
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({
      route: {
        provider: async (url) => {
          proxy = await startTcpProxy({ port: Number(new URL(url).port) });
          return `http://${proxy.address}`;
        },
      },
    });
  });
  afterEach(async () => {
    await proxy.restore();
    fixture.simulator.setFaults([]);
  });
  after(async () => {
    await fixture.close();
    await proxy.close();
  });

  const start = () => startSend(fixture);
  const setFault = (fault: FaultRule) => fixture.simulator.setFaults({ times: 1, ...fault });

  async function assertReconciled(
    send: StartedSend,
    ends: string[],
    status: string | undefined,
  ): Promise<void> {
    await assertEachSentOnce(fixture, [send]);
    assert.equal(requestsFor(fixture, send).length, 1);
    const { temporal } = fixture;
    assert.deepEqual(sendEndsIn(await fetchHistory(temporal, send.workflowId)), ends);
    const attributes = smsAttributesOf(await temporal.workflow.getHandle(send.workflowId).describe());
    assert.equal(attributes['SmsStatus'], status);
  }

  it('finds the message among the sent messages when cut between request and reply', async () => {
    setFault({ kind: 'slow-reply', recorded: true, delayMs: NEVER_MS });
    const send = await start();
    await requestIsOut(fixture, send);
    await proxy.cut();
    await requestFailed(fixture, send, 'SEND_OUTCOME_UNKNOWN');
    await proxy.restore();
    await assertReconciled(send, ['SEND_OUTCOME_UNKNOWN'], 'reconciled');
  });

  it('resends without reconciling when cut before the request', async () => {
    await proxy.cut();
    const send = await start();
    await requestFailed(fixture, send, 'PROVIDER_UNAVAILABLE');
    await proxy.restore();
    await assertEachSentOnce(fixture, [send]);
    assert.equal(requestsFor(fixture, send).length, 1);
    const ends = sendEndsIn(await fetchHistory(fixture.temporal, send.workflowId));
    assert.deepEqual(new Set(ends.slice(0, -1)), new Set(['PROVIDER_UNAVAILABLE']));
    assert.equal(ends.at(-1), 'completed');
  });

  it('resends after checking the sent messages when the request got lost', async () => {
    proxy.freeze();
    const send = await start();
    await waitUntil('the request to be on its way', () => proxy.heldBack() > 0);
    await proxy.cut();
    await requestFailed(fixture, send, 'SEND_OUTCOME_UNKNOWN');
    await proxy.restore();
    await assertReconciled(send, ['SEND_OUTCOME_UNKNOWN', 'completed'], 'resent');
  });

  it('finds the message among the sent messages when frozen for longer than a request may take', async () => {
    setFault({ kind: 'slow-reply', recorded: true, delayMs: NEVER_MS });
    const send = await start();
    await requestIsOut(fixture, send);
    proxy.freeze();
    await requestFailed(fixture, send, 'SEND_OUTCOME_UNKNOWN');
    await proxy.restore();
    await assertReconciled(send, ['SEND_OUTCOME_UNKNOWN'], 'reconciled');
  });
});
