import assert from 'node:assert/strict';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.js';
import { fetchHistory, sendEndsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  requestFailed,
  requestIsOut,
  requestsFor,
  RECONCILED_WITHIN_MS,
  startSend,
  statusIs,
  type StartedSend,
} from '../support/started-sends.js';

describe('a Temporal server restarted with its data', () => {
  let temporal: OwnTemporal;
  let fixture: SendFixture;
  /** The recipients of the requests that got an answer. */
  const answered: string[] = [];
  before(async function () {
    this.timeout(180_000);
    temporal = await startOwnTemporal();
    fixture = await createSendFixture({
      temporal,
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
    await fixture.close();
    await temporal.close();
  });

  /** Starts a send whose first request meets this fault. */
  async function sendInto(
    fault: FaultRule,
    options: Parameters<typeof startSend>[1] = {},
  ): Promise<StartedSend> {
    const job = fixture.job();
    fixture.simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
    return await startSend({ ...fixture, job: (changes) => ({ ...job, ...changes }) }, options);
  }

  for (const how of ['stop', 'kill'] as const) {
    it(`completes every send after ${how === 'stop' ? 'SIGTERM' : 'SIGKILL'}`, async function () {
      this.timeout(RECONCILED_WITHIN_MS * 2);
      const { client, simulator } = fixture;
      const checks = { unknownChecksMs: [5_000, 9_000] };
      const held = await sendInto(
        { kind: 'empty-200', recorded: false },
        { unknownChecksMs: [200], onUnknown: 'hold' },
      );
      await statusIs(fixture, held, 'held');
      const found = await sendInto({ kind: 'reset-after-read', recorded: true }, checks);
      const resent = await sendInto({ kind: 'reset-after-read', recorded: false }, checks);
      const backOff = await sendInto({ kind: 'http-429', retryAfterSeconds: 6 });
      const out = await sendInto({ kind: 'slow-reply', recorded: true, delayMs: 4_000 });
      await statusIs(fixture, found, 'checking');
      await statusIs(fixture, resent, 'checking');
      await requestFailed(fixture, backOff, 'RATE_LIMITED');
      await requestIsOut(fixture, out);

      await temporal.server[how]();
      assert.ok(
        !answered.includes(out.job.recipientPhone),
        'the machine is too slow: the answer came before',
      );
      await waitUntil('the answer to come while Temporal is away', () =>
        answered.includes(out.job.recipientPhone),
      );
      await temporal.server.start();
      const later = await startSend(fixture);

      await waitUntil(
        'the decision to be taken',
        async () => {
          await client.resolve(held.workflowId, { resend: true });
          return true;
        },
        { timeoutMs: RECONCILED_WITHIN_MS },
      );
      await assertEachSentOnce(fixture, [held, found, resent, backOff, out, later]);
      for (const [send, count] of [
        [found, 1],
        [resent, 2],
        [held, 2],
        [backOff, 2],
        [out, 1],
        [later, 1],
      ] as const) {
        assert.equal(requestsFor(fixture, send).length, count);
      }
      // Reported when the server was back, or given up and found in the log.
      const ends = sendEndsIn(await fetchHistory(fixture.temporal, out.workflowId));
      assert.ok(['completed', 'timed out'].includes(ends.join()), ends.join());
      simulator.setFaults([]);
    });
  }
});
