import { mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where what took long to get is kept between runs: outside node_modules, so that `npm ci` keeps
 * it.
 */
export function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'durable-sms');
}

/** A new directory for one run's data. */
export function createDataDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'durable-sms-'));
}
