import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createSmsClient, type SmsClient, type SmsJob } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const HAPPY_EVENTS = 13;

function attributesOf({ attributes }: ReceivedSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** A text as it may turn up somewhere: in clear, and in what it is usually encoded as. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    // At each of the three places that a text can have in base64.
    ...[0, 1, 2].map((skipped) => bytes.subarray(skipped, bytes.length - ((bytes.length - skipped) % 3))),
  ].map((form) => (typeof form === 'string' ? form : form.toString('base64')));
}

describe('traces', () => {
  const memory = new InMemorySpanExporter();
  let receiver: OtlpReceiver;
  let fixture: SendFixture;
  let worker: RunningWorker;
  let traced: SmsClient;
  const jobs: SmsJob[] = [];
  before(async () => {
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] }),
    );
    receiver = await startOtlpReceiver();
    fixture = await createSendFixture({ worker: false });
    worker = await startWorker(
      await workerEnvironment(fixture, {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: '200',
      }),
    );
    const { payloadKeys, taskQueue } = fixture;
    const connection = { address: (await sharedTemporal()).address };
    traced = createSmsClient({ connection, payloadKeys, taskQueue, tracing: true });
  });
  after(async () => {
    trace.disable();
    await traced.close();
    await worker.stop();
    await fixture.close();
    await receiver.close();
  });

  /** Sends, waits for the end and for its spans; returns what the run left behind. */
  async function send(client: SmsClient, changes: Partial<SmsJob> = {}, fault?: 'empty-200' | 'http-401') {
    const job = fixture.job(changes);
    jobs.push(job);
    const number = job.recipientPhone;
    if (fault)
      fixture.simulator.addFaults({ kind: fault, recorded: fault === 'empty-200', number, times: 1 });
    const sent = await client.send(job);
    const { workflowId } = sent;
    const code = await sent.result().then(
      () => undefined,
      (error: unknown) => (error as { code: string }).code,
    );
    const history = await fetchHistory(fixture.temporal, workflowId);
    const activities = (history.events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes ?? event.markerRecordedEventAttributes,
    );
    const spans = await waitUntil('the spans of the run', () => {
      const own = receiver
        .spans()
        .filter((span) => attributesOf(span)['temporal.workflow.id'] === workflowId);
      // They are exported in batches, each of those that have ended by then.
      const ended = own.filter(({ name }) => name.startsWith('activity'));
      return ended.length >= activities.length && own;
    });
    return { workflowId, code, events: history.events ?? [], spans };
  }

  it('connect the client’s span with the run, its activities and the request', async () => {
    const { workflowId, spans, events } = await send(traced);
    const start = memory
      .getFinishedSpans()
      .find(({ attributes }) => attributes['temporal.workflow.id'] === workflowId);
    assert.equal(start?.name, 'start sendSmsWorkflow');
    const { traceId, spanId } = start.spanContext();
    const names = spans.map(({ name }) => name);
    assert.deepEqual(names, ['activity loadEncryptedApiKey', 'activity decryptApiKey', 'activity sendSms']);
    for (const span of spans) {
      assert.equal(span.traceId, traceId);
      assert.equal(span.parentSpanId, spanId);
    }
    const request = await waitUntil('the span of the request', () =>
      receiver.spans().find((span) => span.name === 'sms.provider.request' && span.traceId === traceId),
    );
    assert.equal(request.parentSpanId, spans[2]?.spanId);
    assert.deepEqual(attributesOf(request), {
      'server.address': '127.0.0.1',
      'url.path': '/sendsms/',
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'sms.outcome': 'accepted',
    });
    assert.equal(events.length, HAPPY_EVENTS);
  });

  it('pass on only two ids in the headers', async () => {
    const { events } = await send(traced);
    const headers = events.flatMap(
      ({
        workflowExecutionStartedEventAttributes: started,
        activityTaskScheduledEventAttributes: scheduled,
      }) =>
        [started?.header, scheduled?.header].flatMap((header) =>
          header == null ? [] : [header.fields ?? {}],
        ),
    );
    assert.equal(headers.length, 2);
    for (const fields of headers) {
      assert.deepEqual(Object.keys(fields), ['_tracer-data']);
      const text = Buffer.from(fields['_tracer-data']?.data ?? []).toString();
      assert.match(text, /^\{"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-01"\}$/);
    }
  });

  it('add neither header nor event to an untraced run', async () => {
    const { events } = await send(fixture.client);
    assert.equal(events.length, HAPPY_EVENTS);
    for (const event of events) {
      const { header } = event.workflowExecutionStartedEventAttributes ?? {};
      assert.deepEqual(Object.keys(header?.fields ?? {}), []);
      const scheduled = event.activityTaskScheduledEventAttributes;
      assert.deepEqual(Object.keys(scheduled?.header?.fields ?? {}), []);
    }
  });

  it('name a failure’s code, and expose no number, text or key', async () => {
    const options = { unknownChecksMs: [300] };
    const [refused, found, missing] = await Promise.all([
      send(traced, {}, 'http-401'),
      send(traced, { options }, 'empty-200'),
      send(traced, { accountId: randomUUID() }),
    ]);
    assert.deepEqual(
      [refused.code, found.code, missing.code],
      ['API_KEY_INVALID', undefined, 'API_KEY_REQUIRED'],
    );
    await worker.stop();
    const codes = receiver.spans().flatMap((span) => attributesOf(span)['error.type'] ?? []);
    assert.deepEqual(codes.sort(), ['API_KEY_INVALID', 'API_KEY_REQUIRED', 'SEND_OUTCOME_UNKNOWN']);

    const secrets = [
      ...jobs.flatMap(({ recipientPhone, message }) => [recipientPhone, recipientPhone.slice(1), message]),
      fixture.apiKey,
      fixture.encryptionKey,
      fixture.payloadKeys.slice('test:'.length),
      new URL(fixture.databaseUrl).password,
    ];
    const everything =
      receiver.everything() +
      JSON.stringify(
        memory
          .getFinishedSpans()
          .map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      );
    for (const secret of secrets.filter((text) => text !== '')) {
      for (const form of formsOf(secret)) assert.ok(!everything.includes(form), `${secret} as ${form}`);
    }
  });
});
