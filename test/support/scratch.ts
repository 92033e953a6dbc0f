import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createCleanUp } from '../../tools/servers/clean-up.js';
import { createDataDirectory } from '../../tools/servers/dev-directories.js';
import { createProcessGuard } from '../../tools/servers/process-guard.js';

/**
 * What is undone at the end of the test process: servers that were started, directories that were
 * made.
 */
export const cleanUpAtEnd = createCleanUp((error) => {
  process.stderr.write(`clean-up: ${String(error)}\n`);
});

/** Starts something when it is first asked for, and once. */
export function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

export const sharedGuard = once(() => {
  const guard = createProcessGuard();
  cleanUpAtEnd.add(guard.close);
  return Promise.resolve(guard);
});

/** A directory for servers' data, removed at the end. */
const sharedDirectory = once(async () => {
  const guard = await sharedGuard();
  const directory = await createDataDirectory(guard);
  cleanUpAtEnd.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
});

/** A new directory of that name under the shared one. */
export async function makeDirectory(name: string): Promise<string> {
  const path = join(await sharedDirectory(), `${name}-${randomBytes(4).toString('hex')}`);
  await mkdir(path);
  return path;
}
