import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';

/**
 * The ports that systems leave to programs that listen: below those that outgoing connections are
 * given (from 32,768 on Linux), one of which could take a port after it was found free and before
 * it is listened on.
 */
const LOWEST = 11_000;
const HIGHEST = 32_767;

/** How many ports in a row are tried before any other. */
const TRIED = 100;

/**
 * A port on 127.0.0.1 that is free now: one of `preferred`, else one at random, so that processes
 * that look at the same time find different ones.
 */
export async function freePort(preferred: Iterable<number> = []): Promise<number> {
  const first = randomInt(LOWEST, HIGHEST - TRIED);
  return await getPort({ host: '127.0.0.1', port: [...preferred, ...portNumbers(first, first + TRIED)] });
}

/** A port that no other process can take until it is released. */
export interface ReservedPort {
  readonly port: number;
  /** Frees it for the one who listens on it next. */
  readonly release: () => Promise<void>;
}

/**
 * Takes a port for a server whose address others need before it can start: one of `preferred`, else
 * any.
 */
export async function reservePort(preferred: readonly number[] = []): Promise<ReservedPort> {
  const port = await freePort(preferred);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    // Somebody was faster: then any port will do.
    return await reservePort();
  }
  // A process that ends before the release needs no clean-up.
  server.unref();
  return {
    port,
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}
