import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** What is known of one request of Node's `fetch`. */
export interface RequestProgress {
  /** Node reported the request: only then does `written` tell the truth. */
  observed: boolean;
  /** The first byte of the request went to the socket, or was just about to. */
  written: boolean;
}

/** Watches requests on their way to the socket; close it when the last one is over. */
export interface WriteWatch {
  /**
   * Runs `start`, which calls `fetch` once. `mayWrite` is asked right before the first byte of the request is written;
   * if it aborts the request and answers false, no byte goes out (undici destroys the socket at once).
   */
  run<T>(progress: RequestProgress, mayWrite: () => boolean, start: () => Promise<T>): Promise<T>;
  close(): void;
}

interface Watched {
  readonly progress: RequestProgress;
  readonly mayWrite: () => boolean;
}

/**
 * Tells "failed before a byte was written" from "maybe sent" for Node's own `fetch`, over the diagnostics channels
 * `undici:request:create` and `undici:client:sendHeaders` (undici documentation, "Diagnostics Channel Support").
 * An error code alone does not tell: ECONNRESET in a TLS handshake and ECONNRESET after the request look the same.
 */
export function createWriteWatch(): WriteWatch {
  const current = new AsyncLocalStorage<Watched>();
  const requests = new WeakMap<object, Watched>();

  const onCreate = (message: unknown): void => {
    const watched = current.getStore();
    if (watched === undefined) return;
    watched.progress.observed = true;
    requests.set((message as { request: object }).request, watched);
  };
  const onSendHeaders = (message: unknown): void => {
    const { request, socket } = message as { request: object; socket: Socket };
    const watched = requests.get(request);
    if (watched === undefined) return;
    if (watched.mayWrite()) watched.progress.written = true;
    // The abort alone keeps HTTP/1.1 from writing; HTTP/2 would still send an empty request.
    else socket.destroy();
  };
  subscribe('undici:request:create', onCreate);
  subscribe('undici:client:sendHeaders', onSendHeaders);
  return {
    run: (progress, mayWrite, start) => current.run({ progress, mayWrite }, start),
    close() {
      unsubscribe('undici:request:create', onCreate);
      unsubscribe('undici:client:sendHeaders', onSendHeaders);
    },
  };
}
