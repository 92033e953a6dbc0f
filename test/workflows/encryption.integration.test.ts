import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/create-activities.js';
import { createSmsClient, type SmsClient } from '../../src/client.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { openPorts, type OpenPorts } from '../../src/worker/open-ports.js';
import { workflowSource } from '../../src/worker/workflow-source.js';
import { expectSmsError } from '../support/expect-failure.js';
import { fetchHistory, rawTextOf } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedNativeConnection, sharedTemporal, sharedWorkflowBundle } from '../support/shared-parts.js';

describe('a run whose payloads are encrypted', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  it('exposes neither number nor text, while memo and search attributes stay readable', async () => {
    const { client, temporal } = fixture;
    const job = fixture.job({ metadata: { leadId: 'lead-42' } });
    const sent = await client.send(job);
    const { messageId } = await sent.result();
    const handle = temporal.workflow.getHandle(sent.workflowId);
    const raw = rawTextOf([await fetchHistory(temporal, sent.workflowId), (await handle.describe()).raw]);
    for (const secret of [job.recipientPhone, job.message, messageId, 'sealedApiKey']) {
      assert.ok(!raw.includes(secret), secret);
      assert.ok(!raw.includes(Buffer.from(secret).toString('base64').slice(0, 12)), secret);
    }
    assert.ok(raw.includes('"lead-42"'));
  });

  it('shows its lead and status to readers with the key', async () => {
    const { client, temporal, simulator } = fixture;
    const job = fixture.job({ metadata: { leadId: 'lead-42', huntId: 'hunt-7' } });
    simulator.addFaults({ kind: 'http-429', number: job.recipientPhone, times: 1, retryAfterSeconds: 3_600 });
    const { workflowId } = await client.send(job);
    const handle = temporal.workflow.getHandle(workflowId);
    const details = await waitUntil('the back-off', async () => {
      const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      return currentDetails.includes('Request 2') && currentDetails;
    });
    assert.match(
      details,
      /^Not sent: too many requests\. Request 2 follows at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.\n\n- \S+Z Request 1: not sent \(RATE_LIMITED, [^\n]*$/,
    );
    const description = await handle.describe();
    assert.equal(await description.staticSummary(), 'SMS to lead lead-42, hunt hunt-7');
    await client.cancel(workflowId);
    await expectSmsError(client.get(workflowId).result(), 'CANCELLED');
  });
});

describe('a run whose payloads are not encrypted', () => {
  it('has readable failures, of activities and its own', async () => {
    const fixture = await createSendFixture({ payloadKeys: 'off', ownBundle: true });
    try {
      const job = fixture.job();
      fixture.simulator.addFaults({ kind: 'http-400', number: job.recipientPhone, times: 1 });
      const { workflowId } = await fixture.client.send(job);
      const { message } = await expectSmsError(
        fixture.client.get(workflowId).result(),
        'MESSAGE_SEND_FAILED',
      );
      const { events = [] } = await fetchHistory(fixture.temporal, workflowId);
      const failures = events?.flatMap(
        ({
          workflowExecutionFailedEventAttributes: ofRun,
          activityTaskFailedEventAttributes: ofActivity,
        }) => {
          const failure = ofRun?.failure ?? ofActivity?.failure;
          return failure ? [failure.message] : [];
        },
      );
      assert.deepEqual(failures, [message, message]);
    } finally {
      await fixture.close();
    }
  });
});

describe('a worker that does not have the key of a payload', () => {
  const OLD = `old:${randomBytes(32).toString('hex')}`;
  const NEW = `new:${randomBytes(32).toString('hex')}`;
  let fixture: SendFixture;
  let opened: OpenPorts[];
  beforeEach(async () => {
    opened = [];
    fixture = await createSendFixture({ worker: false });
  });
  afterEach(async () => {
    for (const { close } of opened) await close();
    await fixture.close();
  });

  async function portsWith(payloadKeys: string): Promise<OpenPorts> {
    const ports = openPorts(
      {
        databaseUrl: fixture.databaseUrl,
        encryptionKeys: [fixture.encryptionKey],
        providerUrl: fixture.simulator.url,
        payloadKeys: parsePayloadKeys(payloadKeys),
        requireEncrypted: false,
        policies: true,
        optOutReply: undefined,
        taskQueue: fixture.taskQueue,
      },
      { connection: await sharedNativeConnection(), namespace: 'default' },
    );
    opened.push(ports);
    return ports;
  }

  async function startWorker(payloadKeys: string): Promise<Worker> {
    const { ports, dataConverter } = await portsWith(payloadKeys);
    return await createSmsWorker({
      connection: await sharedNativeConnection(),
      namespace: 'default',
      taskQueue: fixture.taskQueue,
      ports,
      dataConverter,
      workflowBundle: await sharedWorkflowBundle(),
    });
  }

  async function clientWith(payloadKeys: string) {
    const { address } = await sharedTemporal();
    return createSmsClient({ connection: { address }, payloadKeys, taskQueue: fixture.taskQueue });
  }

  async function failureFor(client: SmsClient, workflowId: string): Promise<string> {
    const { awaits } = await client.inspect(workflowId);
    return (awaits?.what === 'failing-task' ? awaits.failure : undefined) ?? 'none';
  }

  it('keeps the run waiting, and one with the key sends', async () => {
    const client = await clientWith(NEW);
    const stranger = await clientWith(OLD);
    try {
      const sent = await client.send(fixture.job(), { idempotencyKey: 'lead-1' });
      await (
        await startWorker(OLD)
      ).runUntil(() =>
        waitUntil('a workflow task to fail', async () => {
          const { events } = await fetchHistory(fixture.temporal, sent.workflowId);
          return events?.some((event) => event.workflowTaskFailedEventAttributes);
        }),
      );
      assert.equal((await sent.status()).status, 'running');
      const { awaits, doing } = await client.inspect(sent.workflowId);
      assert.equal(doing, undefined);
      assert.ok(awaits?.what === 'failing-task' && awaits.attempt > 1, JSON.stringify(awaits));
      // The worker encrypts its words under its own key, which this client does not have.
      assert.match(awaits.failure ?? '', /^WORKFLOW_WORKER_UNHANDLED_FAILURE; its message is encrypted/);
      assert.match(
        await failureFor(stranger, sent.workflowId),
        /the key "new", which SMS_PAYLOAD_KEYS lacks/,
      );
      const result = await (await startWorker(`${NEW},${OLD}`)).runUntil(() => sent.result());
      assert.equal(fixture.simulator.messages().filter(({ id }) => id === result.messageId).length, 1);
      assert.equal(fixture.simulator.requestCount(), 1);
      const error = await expectSmsError(stranger.get(sent.workflowId).result(), 'ENCRYPTION_KEY_MISSING');
      assert.match(error.message, /the key "new", which SMS_PAYLOAD_KEYS lacks here/);
    } finally {
      await client.close();
      await stranger.close();
    }
  });

  it('reads an unreadable request as not made', async () => {
    const client = await clientWith(NEW);
    const connection = await sharedNativeConnection();
    const common = { connection, namespace: 'default', taskQueue: fixture.taskQueue };
    const able = await portsWith(`${NEW},${OLD}`);
    const unable = await portsWith(OLD);
    // The worker that decides has one hand, and that is full: the next request is another worker's.
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = fixture.job();
    const decider = await Worker.create({
      ...common,
      ...workflowSource({ bundle: await sharedWorkflowBundle() }),
      activities: createActivities({
        ...able.ports,
        provider: {
          send: async (request) => {
            if (request.recipientPhone === first.recipientPhone) await gate;
            return await able.ports.provider.send(request);
          },
        },
      }),
      dataConverter: able.dataConverter,
      maxConcurrentActivityTaskExecutions: 1,
    });
    // A connection takes one worker for each kind of task of a queue.
    const own = await NativeConnection.connect({ address: (await sharedTemporal()).address });
    const handWithoutKey = await Worker.create({
      ...common,
      connection: own,
      activities: createActivities(unable.ports),
      dataConverter: unable.dataConverter,
    });
    try {
      await decider.runUntil(async () => {
        const holder = await client.send(first);
        await waitUntil('the hand to be full', () => decider.getStatus().numInFlightNonLocalActivities === 1);
        const sent = await client.send(fixture.job());
        await handWithoutKey.runUntil(() =>
          waitUntil('a request that cannot be read', async () => {
            const { events } = await fetchHistory(fixture.temporal, sent.workflowId);
            return events?.some(
              ({ activityTaskFailedEventAttributes: failed }) =>
                failed?.failure?.applicationFailureInfo?.type === 'PayloadKeyUnknown',
            );
          }),
        );
        assert.equal(fixture.simulator.requestCount(), 0);
        open();
        await Promise.all([holder.result(), sent.result()]);
      });
      assert.equal(fixture.simulator.requestCount(), 2);
    } finally {
      await client.close();
      await own.close();
    }
  });
});

describe('a worker that requires encrypted jobs', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ requireEncrypted: true });
  });
  after(() => fixture.close());

  it('refuses a plain job as VALIDATION_FAILED, and sends an encrypted one', async () => {
    const { client, temporal, simulator, taskQueue } = fixture;
    const plain = createSmsClient({
      connection: { address: (await sharedTemporal()).address },
      payloadKeys: 'off',
      taskQueue,
    });
    try {
      const sent = await plain.send(fixture.job());
      const error = await expectSmsError(client.get(sent.workflowId).result(), 'VALIDATION_FAILED');
      assert.match(error.message, /not encrypted, which SMS_REQUIRE_ENCRYPTED/);
      assert.equal(simulator.requestCount(), 0);
      await (await client.send(fixture.job())).result();
      const byHand = await temporal.workflow.start(WORKFLOW_TYPE, {
        taskQueue,
        workflowId: `by-hand-${randomUUID()}`,
        args: [fixture.job()],
      });
      await byHand.result();
    } finally {
      await plain.close();
    }
  });
});
