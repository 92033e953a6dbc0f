import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

let hasStopped = false;

/**
 * Loaded before a worker: it stops itself the first time that a connection of its `fetch` stands. Undici writes the request
 * right after this, in the same turn: no timer comes in between. Not TypeScript, as the worker's threads load it too.
 */
subscribe('undici:client:connected', () => {
  if (hasStopped) return;
  hasStopped = true;
  writeSync(2, 'stopped before the first byte\n');
  process.kill(process.pid, 'SIGSTOP');
});
