import assert from 'node:assert/strict';
import { SmsError, toEventStream, type SmsState } from '../../src/client.js';
import { createSendObserver } from '../../src/client/observe-sends.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const URL_OF_STREAM = 'https://example.com/sends';

/** What the tests leave open would poll for ever. */
const closes: (() => void)[] = [];

/** A client whose sends stand at these states, or are not found. */
function clientOf(states: Record<string, Partial<SmsState> | SmsError>) {
  const waits: AbortSignal[] = [];
  const { observe, close } = createSendObserver(
    {
      read(workflowId) {
        const state = states[workflowId] ?? new SmsError('NOT_FOUND');
        if (state instanceof SmsError) return Promise.reject(state);
        return Promise.resolve({
          accountId: ACCOUNT,
          state: { workflowId, status: 'running' as const, ...state },
        });
      },
      awaitEnd(_, signal) {
        waits.push(signal);
        return new Promise(() => undefined);
      },
    },
    1,
  );
  closes.push(close);
  return { observe, waiting: () => waits.filter(({ aborted }) => !aborted).length };
}

const ENDED = { status: 'accepted', messageId: 'm-1', closedAt: '2030-01-01T00:00:00.000Z' } as const;

function open(
  sms: ReturnType<typeof clientOf>,
  workflowIds: readonly string[],
  options: { accountId?: string | null; request?: Request; heartbeatMs?: number } = {},
): Promise<Response> {
  const { accountId = ACCOUNT, request = new Request(URL_OF_STREAM), heartbeatMs } = options;
  return toEventStream(sms, { workflowIds, accountId, request, heartbeatMs });
}

/** Reads a body until the text matches. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  while (!pattern.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

describe('toEventStream', () => {
  afterEach(() => {
    for (const close of closes.splice(0)) close();
  });

  it('is a stream that nobody on the way may keep or change', async () => {
    const { status, headers } = await open(clientOf({ one: ENDED }), ['one']);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(headers.get('cache-control'), 'no-cache, no-transform');
    assert.equal(headers.get('x-accel-buffering'), 'no');
  });

  it('sends the state, and ends with the send', async () => {
    const response = await open(clientOf({ one: ENDED }), ['one']);
    const state = `{"workflowId":"one","status":"accepted","messageId":"m-1","closedAt":"2030-01-01T00:00:00.000Z"}`;
    assert.equal(await response.text(), `retry: 2000\n\ndata: ${state}\n\nid: end\nevent: end\ndata:\n\n`);
  });

  it('stops a browser that connects again after the end', async () => {
    const request = new Request(URL_OF_STREAM, { headers: { 'Last-Event-ID': 'end' } });
    const sms = clientOf({ one: ENDED });
    assert.equal((await open(sms, ['one'], { request })).status, 204);
    assert.equal(sms.waiting(), 0);
  });

  it('answers 404 for a send that is not there, and for one of another account, alike', async () => {
    const sms = clientOf({ one: ENDED });
    const nobody = await open(sms, ['nobody', 'nothing']);
    const foreign = await open(sms, ['one'], { accountId: 'another' });
    assert.deepEqual([nobody.status, foreign.status], [404, 404]);
    assert.equal(await nobody.text(), await foreign.text());
  });

  it('sends the state of each send, also where some are not there', async () => {
    const text = await (await open(clientOf({ one: ENDED, two: ENDED }), ['zero', 'one', 'two'])).text();
    assert.match(text, /\{"workflowId":"zero","status":"not-found"\}/);
    assert.equal(text.match(/"accepted"/g)?.length, 2);
  });

  it('sends comments while nothing changes', async () => {
    const response = await open(clientOf({ one: {} }), ['one'], { heartbeatMs: 5 });
    const reader = response.body!.getReader();
    await readUntil(reader, /(: still here\n\n){3}/);
    await reader.cancel();
  });

  it('does not poll after the viewer has cancelled, in the middle of a wait', async () => {
    const sms = clientOf({ one: {} });
    const reader = (await open(sms, ['one'])).body!.getReader();
    await readUntil(reader, /running/);
    const read = reader.read();
    await waitUntil('the end to be awaited', () => sms.waiting() === 1);
    await reader.cancel();
    assert.equal((await read).done, true);
    assert.equal(sms.waiting(), 0);
  });

  it('does not poll after the request was aborted, whether the body is being read or not', async () => {
    for (const isRead of [true, false]) {
      const sms = clientOf({ one: {} });
      const gone = new AbortController();
      const request = new Request(URL_OF_STREAM, { signal: gone.signal });
      const response = await open(sms, ['one'], { request });
      const rest = isRead ? response.text() : undefined;
      await waitUntil('the end to be awaited', () => sms.waiting() === 1);
      gone.abort();
      await waitUntil('nothing to go on', () => sms.waiting() === 0);
      const text = (await rest) ?? (await response.text());
      assert.doesNotMatch(text, /id: end/);
    }
  });

  it('answers while Temporal does not, and says so', async () => {
    const states: Record<string, Partial<SmsState> | SmsError> = {
      one: new SmsError('TEMPORAL_UNAVAILABLE'),
    };
    const reader = (await open(clientOf(states), ['one'])).body!.getReader();
    await readUntil(reader, /data: \{"workflowId":"one","unreachable":true\}\n\n/);
    states['one'] = ENDED;
    await readUntil(reader, /"accepted"[^]*id: end/);
  });

  it('rejects where Temporal refuses, and where the account is missing', async () => {
    const sms = clientOf({ one: new SmsError('TEMPORAL_REFUSED') });
    await assert.rejects(open(sms, ['one']), { code: 'TEMPORAL_REFUSED' });
    const { observe } = sms;
    const request = new Request(URL_OF_STREAM);
    const options = { workflowIds: ['one'], request } as never;
    await assert.rejects(toEventStream({ observe }, options), { code: 'VALIDATION_FAILED' });
  });
});
