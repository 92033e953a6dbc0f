import { createHash } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './run-node.js';

/** A holder that has not even written its id by then is gone. */
const UNWRITTEN_MS = 60_000;

/** Runs `work` while no other process does work of that name for this copy of the repository. */
export async function aloneAcrossProcesses<T>(name: string, work: () => Promise<T>): Promise<T> {
  const path = lockPath(name);
  while (!(await take(path))) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    else await wait(200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The file that is there while such work is done; it holds the id of the process. */
export function lockPath(name: string): string {
  const copy = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  return join(tmpdir(), `durable-sms-${copy}-${name}.lock`);
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that holds it has ended without giving it back. */
async function isAbandoned(path: string): Promise<boolean> {
  try {
    const holder = Number(await readFile(path, 'utf8'));
    if (holder === 0) return Date.now() - (await stat(path)).mtimeMs > UNWRITTEN_MS;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    // No such process; a file that is gone by now is taken at the next try.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
