import { defaultGrpcRetryOptions, type ConnectionOptions } from '@temporalio/client';
import { createEndedCall, createLimitedCall, type CallStatus } from './limited-call.js';
import { currentSignal } from './until-aborted.js';

type Interceptors = NonNullable<ConnectionOptions['interceptors']>;
type Interceptor = Interceptors[number];

/** How long Temporal has for an answer to one request, further tries included, in milliseconds. */
const DEFAULT_CALL_TIMEOUT_MS = 10_000;

/** The longest wait of a timer, in milliseconds: a longer one fires at once. */
const MAX_CALL_TIMEOUT_MS = 2 ** 31 - 1;

/** gRPC statuses (grpc.io, "Status codes"). */
const CLOSED: CallStatus = { code: 1, details: 'The connection was closed.' };
const GIVEN_UP: CallStatus = { code: 1, details: 'The call was abandoned.' };
const TOO_LATE: CallStatus = { code: 4, details: 'The deadline of the call has passed.' };

/** Travels with the options of a call through the interceptors. */
const STATE = Symbol('state of the call');

interface CallState {
  isOver: boolean;
}

type Options = Parameters<Interceptor>[0] & { [STATE]?: CallState };

/** The interceptors of a connection whose calls all end. */
export interface CallLimits {
  readonly interceptors: Interceptors;
  /**
   * Ends every call that is under way, and every later one, as CANCELLED. Call this before the
   * connection is closed.
   */
  readonly end: () => void;
}

/**
 * Limits the calls of a connection: each ends at its deadline, when its scope is aborted
 * (`untilAborted`), or when the connection is closed, whatever the server does, and leaves no timer
 * behind.
 *
 * @param own the caller's interceptors, which replace the SDK's retries as they do in `Connection`
 * @throws RangeError
 */
export function createCallLimits({
  callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS,
  own,
}: {
  readonly callTimeoutMs?: number | undefined;
  readonly own?: Interceptors | undefined;
}): CallLimits {
  if (!(callTimeoutMs >= 1 && callTimeoutMs <= MAX_CALL_TIMEOUT_MS))
    throw new RangeError(`callTimeoutMs must be a number of milliseconds from 1 to ${MAX_CALL_TIMEOUT_MS}.`);
  const open = new Set<(status: CallStatus) => void>();
  let isClosed = false;
  const retry = own === undefined ? defaultGrpcRetryOptions() : undefined;

  const limit: Interceptor = (options, nextCall) => {
    const signal = currentSignal();
    if (isClosed) return createEndedCall(CLOSED);
    if (signal?.aborted === true) return createEndedCall(GIVEN_UP);
    const deadlineMs = Number(options.deadline ?? Date.now() + callTimeoutMs);
    const state: CallState = { isOver: false };
    const limited: Options = { ...options, deadline: deadlineMs, [STATE]: state };
    const { call, end } = createLimitedCall(() => nextCall(limited), {
      retry,
      deadlineMs,
      onEnd() {
        state.isOver = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        open.delete(end);
      },
    });
    const timer = setTimeout(end, Math.min(MAX_CALL_TIMEOUT_MS, deadlineMs - Date.now()), TOO_LATE);
    const onAbort = () => {
      end(GIVEN_UP);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    open.add(end);
    return call;
  };

  /**
   * A retry of the caller's own interceptors comes from a timer, where a closed channel throws an
   * error that cannot be caught.
   */
  const last = (options: Options, nextCall: Parameters<Interceptor>[1]): unknown => {
    if (isClosed) return createEndedCall(CLOSED);
    return options[STATE]?.isOver === true ? createEndedCall(GIVEN_UP) : nextCall(options);
  };

  return {
    // Its type names a class of grpc-js; the call that it passes on has its methods.
    interceptors: [limit, ...(own ?? []), last as Interceptor],
    end() {
      isClosed = true;
      for (const end of [...open]) end(CLOSED);
    },
  };
}
