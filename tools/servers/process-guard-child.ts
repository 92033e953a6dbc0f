import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createInterface } from 'node:readline';

/**
 * The other side of `createProcessGuard`: lines `watch PID`, `unwatch PID`, `remove PATH`; the end
 * of input is the signal.
 */
const watched = new Set<number>();
const directories = new Set<string>();

// The owner's terminal must not end the guard before it has done its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [, verb, argument = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
  if (verb === 'watch') watched.add(Number(argument));
  if (verb === 'unwatch') watched.delete(Number(argument));
  if (verb === 'remove') directories.add(argument);
}

signalAll('SIGTERM');
const deadline = Date.now() + 5_000;
while (watched.size > 0 && Date.now() < deadline) {
  for (const pid of watched) if (!signalGroup(pid, 0)) watched.delete(pid);
  await wait(100);
}
signalAll('SIGKILL');
for (const path of directories) await remove(path);

function signalAll(signal: NodeJS.Signals): void {
  for (const pid of watched) signalGroup(pid, signal);
}

/** Whether there was anyone to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Removes a directory in which a process that nobody watched may still be writing. */
async function remove(path: string): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await wait(100);
    }
  }
}
