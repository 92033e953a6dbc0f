import {
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';

type Interceptors = NonNullable<ConnectionOptions['interceptors']>;
type Interceptor = Interceptors[number];

/** gRPC status CANCELLED (grpc.io, "Status codes"). */
const CANCELLED = 1;

/** Who waits for the end of a call, as far as it is told here. */
interface CallListener {
  onReceiveMessage?(message: null): void;
  onReceiveStatus?(status: { code: number; details: string; metadata: CallMetadata }): void;
}

interface CallMetadata {
  clone(): CallMetadata;
  getMap(): object;
  remove(name: string): void;
}

/** The interceptors of a connection that can be closed while calls are being tried again. */
export interface EndOfCalls {
  readonly interceptors: Interceptors;
  /** From now on every call, and every further try of one, fails as CANCELLED. To be called before the connection is closed. */
  end(): void;
}

/**
 * The SDK (1.24) tries a call again from a timer, and a closed channel throws there, where nobody can catch it. So the last
 * interceptor, which every try passes, answers in the channel's place.
 *
 * @param own the caller's, which replace the SDK's retries as they do in `Connection`
 */
export function createEndOfCalls(own: ConnectionOptions['interceptors']): EndOfCalls {
  let isEnded = false;
  const last = (...[options, nextCall]: Parameters<Interceptor>): unknown =>
    isEnded ? endedCall() : nextCall(options);
  return {
    interceptors: [
      ...(own ?? [makeGrpcRetryInterceptor(defaultGrpcRetryOptions())]),
      // Its type names a class of grpc-js that is not needed: whatever has its methods is a call.
      last as Interceptor,
    ],
    end() {
      isEnded = true;
    },
  };
}

/** A call that goes nowhere. */
function endedCall(): unknown {
  const ignore = () => undefined;
  return {
    start(metadata: CallMetadata, listener?: CallListener) {
      // A copy without what the request carried: the caller's error shows it.
      const trailers = metadata.clone();
      for (const name of Object.keys(trailers.getMap())) trailers.remove(name);
      queueMicrotask(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({
          code: CANCELLED,
          details: 'The connection was closed.',
          metadata: trailers,
        });
      });
    },
    ...{ sendMessage: ignore, sendMessageWithContext: ignore, halfClose: ignore, startRead: ignore },
    ...{ cancelWithStatus: ignore, getPeer: () => 'closed', getAuthContext: () => null },
  };
}
