import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseAddress } from './address/read-address.js';
import { ConnectError, openSocket } from './open-socket.js';

/**
 * How long to wait after a connection that was closed before the server said anything, in
 * milliseconds.
 */
const PAUSE_MS = 500;

/** Opens the sockets of a pool. */
export interface PacedSocket {
  /**
   * Never rejects: where no socket can be opened, what it gives fails with the reason when written
   * to.
   */
  (): Promise<Duplex>;
  /**
   * Tries the other hosts first from now on; false if there is none that was not tried since the
   * last call of `reconcile`.
   */
  nextHost(): boolean;
  /** The host in use is the right one. */
  reconcile(): void;
  /**
   * Destroys the sockets that are still open. Without a network, no end of the other side comes,
   * and each would keep the process alive.
   */
  destroyAll(): void;
}

/**
 * Opens the sockets of a pool: hosts are tried one after the other, from the last one that was
 * right, and share the time. After each connection that was closed without a word there is a pause.
 * The driver itself would connect again without one: behind a pooler or load balancer whose
 * database is away, hundreds of times a second.
 */
export function createPacedSocket(
  { hosts, tls, randomHost }: Pick<DatabaseAddress, 'hosts' | 'tls' | 'randomHost'>,
  connectTimeoutMs: number,
): PacedSocket {
  let notBeforeMs = 0;
  let first = randomHost ? Math.floor(Math.random() * hosts.length) : 0;
  let passed = 0;
  const sockets = new Set<Socket>();

  async function open(): Promise<Socket> {
    await wait(Math.max(0, notBeforeMs - Date.now()));
    let failure: unknown;
    for (let turn = 0; turn < hosts.length; turn++) {
      const index = (first + turn) % hosts.length;
      const host = hosts[index];
      if (host === undefined) break;
      const signal = AbortSignal.timeout(connectTimeoutMs / hosts.length);
      try {
        const socket = await openSocket(host, tls, signal);
        first = index;
        sockets.add(socket);
        socket.once('close', () => {
          sockets.delete(socket);
          if (socket.bytesRead === 0) notBeforeMs = Date.now() + PAUSE_MS;
        });
        return socket;
      } catch (error) {
        failure ??= signal.aborted ? new ConnectError('CONNECT_TIMEOUT') : error;
      }
    }
    throw failure;
  }

  return Object.assign(() => open().catch(failedSocket), {
    nextHost() {
      first = (first + 1) % hosts.length;
      passed++;
      return passed < hosts.length;
    },
    reconcile() {
      passed = 0;
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  });
}

/**
 * What stands in for a socket that could not be opened. To the driver, a socket that it was not
 * given is a connection that never ends: the pool would have one less from then on, and none in the
 * end (postgres 3.4, `createSocket`). It fails no sooner than it is written to, as what the driver
 * has not written yet would stay in the way of its next connection.
 */
function failedSocket(error: Error): Duplex {
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      done(error);
    },
  });
}
