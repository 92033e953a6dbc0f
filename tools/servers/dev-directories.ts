import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessGuard } from './process-guard.js';

/**
 * Where what took long to get is kept between runs: outside node_modules, so that `npm ci` keeps
 * it.
 */
export function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'durable-sms');
}

/**
 * A new directory for one run's data, which the guard removes once this process is gone. The guard
 * gets its name before it exists: a process that is killed in between leaves nothing behind.
 */
export async function createDataDirectory(guard: ProcessGuard): Promise<string> {
  const directory = join(tmpdir(), `durable-sms-${randomBytes(8).toString('hex')}`);
  guard.removeDirectory(directory);
  await mkdir(directory);
  // PostgreSQL may have to run as another user, who must be able to get to its own directory.
  await chmod(directory, 0o711);
  return directory;
}
