import type { SmsState } from './send-state.js';
import type { SmsClient } from './sms-client.js';

/** What is read of a request: a web `Request` has it. */
export interface EventStreamRequest {
  /** Aborted when the viewer has gone. */
  readonly signal: AbortSignal;
  /** For `Last-Event-ID`, which a browser sends when it connects again. */
  readonly headers: { get(name: string): string | null };
}

/** Which sends a viewer may follow. */
export interface EventStreamOptions {
  /** The sends, 1 to 100 workflow ids. */
  readonly workflowIds: readonly string[];
  /**
   * The account that the sends must belong to, as the session says it. Null only where the caller
   * has checked each of them, since workflow ids are easily guessed.
   */
  readonly accountId: string | null;
  /** The viewer's request. */
  readonly request: EventStreamRequest;
  /**
   * How often a comment keeps the connection open, in milliseconds: proxies close one that is
   * silent.
   *
   * @default 15_000
   */
  readonly heartbeatMs?: number | undefined;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // nginx would otherwise collect what is sent.
  'X-Accel-Buffering': 'no',
};

const DEFAULT_HEARTBEAT_MS = 15_000;

/** When a browser connects again that lost the connection; in milliseconds. */
const RECONNECT_MS = 2_000;

/** The id of the last event: a browser that connects again with it has seen the end. */
const END = 'end';

/**
 * Answers a request with the live state of sends, as server-sent events: each event's data is an
 * {@link SmsState} as JSON, the present one first, also after each reconnect. Viewers of one send
 * share one poller, and nothing is asked of Temporal after the last of them has left. The stream
 * ends when all sends have ended, or with the request. While Temporal does not answer, the states
 * say `unreachable`.
 *
 * Where none of the sends is one of the account, it answers 404; where the browser connects again
 * after the end, 204, upon which it stops.
 *
 * @throws SmsError VALIDATION_FAILED; TEMPORAL_REFUSED: Temporal rejects the request until the
 *   set-up changes
 *
 * @example A route handler of Next.js, and of everything else that takes a web Response
 * export async function GET(request: Request) {
 *   const { accountId } = await getSession(request);
 *   const workflowIds = new URL(request.url).searchParams.getAll('id');
 *   return await toEventStream(sms, { workflowIds, accountId, request });
 * }
 *
 * @example In the browser
 * const events = new EventSource(`/api/sends?id=${encodeURIComponent(workflowId)}`);
 * events.onmessage = ({ data }) => show(JSON.parse(data));
 */
export async function toEventStream(
  sms: Pick<SmsClient, 'observe'>,
  { workflowIds, accountId, request, heartbeatMs = DEFAULT_HEARTBEAT_MS }: EventStreamOptions,
): Promise<Response> {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const states = sms.observe(workflowIds, { accountId, signal })[Symbol.asyncIterator]();
  if (request.headers.get('last-event-id') === END) return new Response(null, { status: 204 });
  const first = await firstStates(states, new Set(workflowIds).size);
  if (first === undefined) return new Response('No such send.', { status: 404 });
  const frames = toFrames({ first, states, heartbeatMs, signal });
  const encoder = new TextEncoder();
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value: frame } = await frames.next();
        if (isCancelled) return;
        if (frame === undefined) controller.close();
        else controller.enqueue(encoder.encode(frame));
      },
      cancel() {
        isCancelled = true;
        stop.abort();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: HEADERS });
}

/** The states up to the first of a send that the viewer may see; undefined if there is none. */
async function firstStates(states: AsyncIterator<SmsState>, count: number): Promise<SmsState[] | undefined> {
  const first: SmsState[] = [];
  while (first.every(({ status }) => status === 'not-found')) {
    if (first.length === count) {
      await states.return?.();
      return undefined;
    }
    const next = await states.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  return first;
}

async function* toFrames({
  first,
  states,
  heartbeatMs,
  signal,
}: {
  readonly first: readonly SmsState[];
  readonly states: AsyncIterator<SmsState>;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}): AsyncGenerator<string, undefined, undefined> {
  yield `retry: ${RECONNECT_MS}\n\n`;
  for (const state of first) yield toFrame(state);
  let next = states.next();
  for (;;) {
    const result = await withinMs(next, heartbeatMs);
    if (result === undefined) {
      yield ': still here\n\n';
      continue;
    }
    if (result.done === true) break;
    yield toFrame(result.value);
    next = states.next();
  }
  if (!signal.aborted) yield `id: ${END}\nevent: ${END}\ndata:\n\n`;
  return undefined;
}

function toFrame(state: SmsState): string {
  return `data: ${JSON.stringify(state)}\n\n`;
}

/** Undefined if it takes longer. */
async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
