import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { PROXY_HUNG_UP } from './network-errors.js';

/** What is known of one request of Node's `fetch`. */
export interface RequestProgress {
  /** Node reported the request: only then does `written` tell the truth. */
  observed: boolean;
  /** The first byte of the request went to the socket, or was just about to. */
  written: boolean;
}

/** Watches requests on their way to the socket; close it when the last one is over. */
export interface WriteTracker {
  /**
   * Runs `start`, which calls `fetch` once. `mayWrite` is asked right before the first byte of the
   * request is written; if it aborts the request and answers false, no byte goes out (undici
   * destroys the socket at once).
   */
  run<T>(progress: RequestProgress, mayWrite: () => boolean, start: () => Promise<T>): Promise<T>;
  close(): void;
}

interface Watched {
  readonly progress: RequestProgress;
  readonly mayWrite: () => boolean;
}

/** What the channels publish of a request. */
interface UndiciRequest {
  readonly method: string;
}

/**
 * Distinguishes "failed before a byte was written" from "maybe sent" for Node's own `fetch`, over
 * the diagnostics channels of undici (undici documentation, "Diagnostics Channel Support"). An
 * error code alone is not enough: ECONNRESET in a TLS handshake and ECONNRESET after the request
 * look the same.
 *
 * Behind an outbound proxy, undici reports the CONNECT that opens the tunnel as a request in the
 * same async context: it is not ours.
 *
 * @param options.connectTimeoutMs how long a proxy may take to open a tunnel, in milliseconds
 */
export function createWriteTracker({ connectTimeoutMs }: { connectTimeoutMs: number }): WriteTracker {
  const current = new AsyncLocalStorage<Watched>();
  const requests = new WeakMap<object, Watched>();
  const tunnels = createTunnelWatch(connectTimeoutMs);

  const onCreate = (message: unknown): void => {
    const { request } = message as { request: UndiciRequest };
    const watched = current.getStore();
    if (watched === undefined || isConnect(request)) return;
    watched.progress.observed = true;
    requests.set(request, watched);
  };
  const onSendHeaders = (message: unknown): void => {
    const { request, socket } = message as { request: UndiciRequest; socket: Socket };
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
      tunnels.close();
    },
  };
}

/** Ends tunnels that a proxy does not open in time: undici by itself waits 300 s for one. */
function createTunnelWatch(timeoutMs: number): { close(): void } {
  const timers = new Map<object, NodeJS.Timeout>();

  const onSendHeaders = (message: unknown): void => {
    const { request, socket } = message as { request: UndiciRequest; socket: Socket };
    if (isConnect(request)) timers.set(request, setTimeout(() => socket.destroy(), timeoutMs).unref());
  };
  const onAnswer = (message: unknown): void => {
    const { request } = message as { request: UndiciRequest };
    clearTimeout(timers.get(request));
    timers.delete(request);
  };
  subscribe('undici:client:sendHeaders', onSendHeaders);
  subscribe('undici:request:headers', onAnswer);
  subscribe('undici:request:error', onAnswer);
  // Never undone: a tunnel can outlive the request that it was for. Taken off first, so that it is
  // there once.
  unsubscribe('undici:request:error', giveUpOnProxyThatHangsUp);
  subscribe('undici:request:error', giveUpOnProxyThatHangsUp);
  return {
    close() {
      unsubscribe('undici:client:sendHeaders', onSendHeaders);
      unsubscribe('undici:request:headers', onAnswer);
      unsubscribe('undici:request:error', onAnswer);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/**
 * undici goes by an error's code: it takes this one for the end of an idle connection and asks the
 * proxy again, thousands of times a second, even after the request was aborted (undici 6.29 and
 * 7.30).
 */
function giveUpOnProxyThatHangsUp(message: unknown): void {
  const { request, error } = message as { request: UndiciRequest; error: Error & { code?: unknown } };
  if (isConnect(request) && error.code === 'UND_ERR_SOCKET') error.code = PROXY_HUNG_UP;
}

function isConnect({ method }: UndiciRequest): boolean {
  return method === 'CONNECT';
}
