import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { toStartRequest } from '../../src/client/start-request.js';
import { startSend } from '../../src/client/start-send.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createRecipientKey } from '../../src/encryption/recipient-key.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SEND_START_TO_CLOSE_MS } from '../../src/domain/replayed-constants.js';
import { fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

/** Past the request's own time-out, and what a slow machine needs. */
const RUN_TIMEOUT_MS = SEND_START_TO_CLOSE_MS + 40_000;

describe('a request that is paused while it runs and loses its worker', () => {
  let fixture: SendFixture;
  const stop = new EventEmitter();
  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        provider: {
          send: async (request) => {
            const outcome = await ports.provider.send(request);
            // The message is out, and Temporal hears nothing of it.
            await once(stop, 'stop');
            return outcome;
          },
        },
      }),
    });
  });
  after(async () => {
    stop.emit('stop');
    await fixture.close();
  });

  it('keeps its run open until the run time-out, as maybe sent, and a retry finds the message', async function () {
    this.timeout(300_000);
    const { client, temporal, taskQueue, simulator } = fixture;
    const { namespace } = temporal.options;
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    const recipientKey = createRecipientKey(parsePayloadKeys(fixture.payloadKeys)[0]);
    const context = { defaultRegion: 'FR', recipientKey, nowMs: Date.now() } as const;
    const request = toStartRequest(job, {}, context);
    const { workflowId } = request;
    await startSend(temporal, taskQueue, { ...request, runTimeoutMs: RUN_TIMEOUT_MS });
    const [message] = await waitUntil('the message to be out', () => {
      const found = simulator.messages().filter(({ text }) => text === job.message);
      return found.length > 0 && found;
    });
    const [pending] = (await temporal.workflow.getHandle(workflowId).describe()).raw.pendingActivities ?? [];
    const activity = {
      namespace,
      execution: { workflowId },
      identity: 'test',
      id: pending?.activityId ?? '',
    };
    await temporal.workflowService.pauseActivity({ ...activity, reason: 'test' });
    const pausedAtMs = Date.now();
    await waitUntil(
      'its own time-out to pass',
      () => Date.now() > pausedAtMs + SEND_START_TO_CLOSE_MS + 5_000,
      { timeoutMs: 2 * SEND_START_TO_CLOSE_MS },
    );
    await temporal.workflowService.unpauseActivity(activity);

    const report = await waitUntil(
      'the run to be ended',
      async () => {
        const found = await client.inspect(workflowId);
        return found.status !== 'running' && found;
      },
      { timeoutMs: 2 * RUN_TIMEOUT_MS, everyMs: 1_000 },
    );
    const { events } = await fetchHistory(temporal, workflowId);
    assert.ok(!events?.some((event) => event.activityTaskTimedOutEventAttributes));
    assert.deepEqual([report.status, report.code, report.requests], ['timed-out', 'TIMED_OUT', 1]);
    assert.equal(report.details?.maybeSent, true);
    assert.match(report.reason ?? '', /may have been sent/);
    await statusIs(fixture, workflowId, 'timed-out');

    const outcome = await client.retry(workflowId);
    assert.ok(outcome.kind === 'was-sent', JSON.stringify(outcome));
    assert.equal(outcome.messageId, message?.id);
    assert.equal(simulator.messages().filter(({ text }) => text === job.message).length, 1);
  });
});
