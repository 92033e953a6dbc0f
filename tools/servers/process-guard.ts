import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { childEnvironment } from './isolated-environment.js';

/**
 * Ends the processes of a development stack when the process that owns them is gone, however it
 * went.
 */
export interface ProcessGuard {
  /** Ends this process group once the owner is gone. */
  watch(pid: number): void;
  /** The process has ended by itself: its id may soon be someone else's. */
  unwatch(pid: number): void;
  /** Removes this directory once the owner is gone. */
  removeDirectory(path: string): void;
  readonly close: () => void;
}

/**
 * Starts the guard: a small process of its own that waits for its standard input to end, which the
 * operating system does for it even when the owner is killed with SIGKILL.
 */
export function createProcessGuard(): ProcessGuard {
  const script = fileURLToPath(new URL(`./process-guard-child${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: childEnvironment(),
  });
  child.unref();
  const { stdin } = child;
  stdin.on('error', () => undefined);
  const tell = (line: string) => {
    stdin.write(`${line}\n`);
  };
  return {
    watch: (pid) => {
      tell(`watch ${pid}`);
    },
    unwatch: (pid) => {
      tell(`unwatch ${pid}`);
    },
    removeDirectory: (path) => {
      tell(`remove ${path}`);
    },
    close: () => {
      stdin.end();
    },
  };
}
