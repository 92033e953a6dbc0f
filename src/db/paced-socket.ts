import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** How long to wait after a connection that was closed before the server said anything, in milliseconds. */
const PAUSE_MS = 500;

/** What the driver tells of where to connect. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

/**
 * Opens the sockets of a pool, with a pause after each that was closed without a word. The driver itself would connect again
 * without one: behind a pooler or load balancer whose database is away, hundreds of times a second.
 */
export function createPacedSocket(connectTimeoutMs: number): (target: Target) => Promise<Socket> {
  let notBeforeMs = 0;
  let attempts = 0;
  return async ({ host, port, path }) => {
    await wait(Math.max(0, notBeforeMs - Date.now()));
    // Several hosts may be given; they take turns, as in the driver.
    const turn = attempts++ % host.length;
    const place = { host: host[turn] ?? 'localhost', port: port[turn] ?? 5432 };
    const socket = connect(typeof path === 'string' ? { path } : place);
    // The driver takes the name for TLS from here.
    Object.assign(socket, place);
    socket.once('close', () => {
      if (socket.bytesRead === 0) notBeforeMs = Date.now() + PAUSE_MS;
    });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) });
      return socket;
    } catch (error) {
      socket.destroy();
      throw isTimeout(error)
        ? Object.assign(new Error('connect timed out'), { code: 'CONNECT_TIMEOUT' })
        : error;
    }
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
