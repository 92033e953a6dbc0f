import { randomInt } from 'node:crypto';
import getPort, { portNumbers } from 'get-port';

/**
 * The ports that systems leave to programs that listen: below those that outgoing connections are given (from 32,768 on Linux),
 * one of which could take a port between the moment it was found free and the moment it is listened on.
 */
const LOWEST = 11_000;
const HIGHEST = 32_767;

/** So many ports in a row are tried before any other. */
const TRIED = 100;

/**
 * A port on 127.0.0.1 that is free now: one of `preferred`, else one at random, so that processes that look at the same
 * moment find different ones.
 */
export async function freePort(preferred: Iterable<number> = []): Promise<number> {
  const first = randomInt(LOWEST, HIGHEST - TRIED);
  return await getPort({ host: '127.0.0.1', port: [...preferred, ...portNumbers(first, first + TRIED)] });
}
