import type { ConnectionOptions, GrpcRetryOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** How a call ends; `code` is a gRPC status (grpc.io, "Status codes"). */
export interface CallStatus {
  readonly code: number;
  readonly details: string;
}

type Status = CallStatus & { readonly metadata: CallMetadata };

/**
 * The part of a call that is used here: any object with these methods is one, whatever its class in
 * grpc-js.
 */
interface Call {
  start(metadata: CallMetadata, listener?: CallListener): void;
  sendMessage(message: unknown): void;
  sendMessageWithContext(context: object, message: unknown): void;
  halfClose(): void;
  startRead(): void;
  cancelWithStatus(code: number, details: string): void;
  getPeer(): string;
  getAuthContext(): unknown;
}

interface CallListener {
  onReceiveMetadata?(metadata: CallMetadata): void;
  onReceiveMessage?(message: unknown): void;
  onReceiveStatus?(status: Status): void;
}

interface CallMetadata {
  clone(): CallMetadata;
  getMap(): object;
  remove(name: string): void;
}

/** What is known of a call from outside. */
export interface LimitedCall {
  /** For grpc-js. */
  readonly call: ReturnType<Interceptor>;
  /** Ends it now, also between two tries, if it has not ended; later events are ignored. */
  readonly end: (status: CallStatus) => void;
}

/**
 * A call with one request and one reply, which is tried again as the SDK would, but can be ended at
 * any time: the SDK's own retries (1.24) go on from a timer that cannot be stopped.
 *
 * @param makeCall makes one try
 * @param limits `deadlineMs` in epoch milliseconds: no try begins after it; `onEnd` is called once
 */
export function createLimitedCall(
  makeCall: () => unknown,
  {
    retry,
    deadlineMs,
    onEnd,
  }: { retry: GrpcRetryOptions | undefined; deadlineMs: number; onEnd: () => void },
): LimitedCall {
  const tries: Tries = {
    current: makeCall() as Call,
    metadata: undefined,
    listener: undefined,
    request: undefined,
  };
  let attempt = 1;
  let isOver = false;
  let nextTry: NodeJS.Timeout | undefined;

  function finish(status: Status, message: unknown): void {
    isOver = true;
    clearTimeout(nextTry);
    onEnd();
    tries.listener?.onReceiveMessage?.(message);
    tries.listener?.onReceiveStatus?.(status);
  }

  function begin(first: CallMetadata): void {
    let message: unknown = null;
    tries.current.start(first.clone(), {
      onReceiveMetadata(received) {
        if (!isOver) tries.listener?.onReceiveMetadata?.(received);
      },
      onReceiveMessage(received) {
        message = received;
      },
      onReceiveStatus(status) {
        if (isOver) return;
        const delayMs = delayBefore(attempt + 1, status);
        if (delayMs === undefined) finish(status, message);
        else nextTry = setTimeout(tryAgain, delayMs, first);
      },
    });
  }

  /** Undefined if there is no next try. */
  function delayBefore(next: number, status: Status): number | undefined {
    if (retry?.retryableDecider(next - 1, status as never) !== true) return undefined;
    const delayMs = retry.delayFunction(next - 1, status as never);
    return Date.now() + delayMs < deadlineMs ? delayMs : undefined;
  }

  function tryAgain(first: CallMetadata): void {
    attempt++;
    tries.current = makeCall() as Call;
    begin(first);
    tries.current.sendMessage(tries.request);
    tries.current.halfClose();
  }

  function end({ code, details }: CallStatus): void {
    if (isOver || tries.metadata === undefined) return;
    finish({ code, details, metadata: emptied(tries.metadata) }, null);
    tries.current.cancelWithStatus(code, details);
  }

  return { call: forwardTo(tries, begin, end) as unknown as ReturnType<Interceptor>, end };
}

/** What the tries of a call share. */
interface Tries {
  /** The one that is under way, or was last. */
  current: Call;
  metadata: CallMetadata | undefined;
  listener: CallListener | undefined;
  request: unknown;
}

/** The call that gRPC sees: it hands everything on to the try that is under way. */
function forwardTo(
  tries: Tries,
  begin: (metadata: CallMetadata) => void,
  end: (status: CallStatus) => void,
): Call {
  return {
    start(metadata, listener) {
      tries.metadata = metadata;
      tries.listener = listener;
      begin(metadata);
    },
    sendMessage(message) {
      tries.request = message;
      tries.current.sendMessage(message);
    },
    sendMessageWithContext(context, message) {
      tries.request = message;
      tries.current.sendMessageWithContext(context, message);
    },
    halfClose: () => {
      tries.current.halfClose();
    },
    startRead: () => {
      tries.current.startRead();
    },
    cancelWithStatus(code, details) {
      end({ code, details });
    },
    getPeer: () => tries.current.getPeer(),
    getAuthContext: () => tries.current.getAuthContext(),
  };
}

/** A call that goes nowhere and ends at once. */
export function createEndedCall({ code, details }: CallStatus): ReturnType<Interceptor> {
  const ignore = () => undefined;
  const call: Call = {
    start(metadata, listener) {
      queueMicrotask(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code, details, metadata: emptied(metadata) });
      });
    },
    sendMessage: ignore,
    sendMessageWithContext: ignore,
    halfClose: ignore,
    startRead: ignore,
    cancelWithStatus: ignore,
    getPeer: () => 'closed',
    getAuthContext: () => null,
  };
  return call as unknown as ReturnType<Interceptor>;
}

/** A copy without what the request carried, its API key above all: the caller's error shows it. */
function emptied(metadata: CallMetadata): CallMetadata {
  const copy = metadata.clone();
  for (const name of Object.keys(copy.getMap())) copy.remove(name);
  return copy;
}
