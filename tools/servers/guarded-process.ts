import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import type { ProcessGuard } from './process-guard.js';

/**
 * A child process of the stack, in a process group of its own so that the terminal's Ctrl-C reaches
 * only its owner.
 */
export interface GuardedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The last lines that it wrote, for an error message. */
  readonly output: () => string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal, waits, and kills it after `graceMs`. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

const KEPT_OUTPUT = 8_000;

/** Starts a child whose end is certain: by `stop`, or by the guard when this process is gone. */
export async function startGuarded(options: {
  guard: ProcessGuard;
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd?: string;
  /** Runs as this user; only root may choose. */
  user?: { uid: number; gid: number } | undefined;
  onOutput?: (text: string) => void;
}): Promise<GuardedProcess> {
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env,
    ...omitUndefined({ cwd: options.cwd }),
    ...options.user,
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  options.guard.watch(pid);
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT);
      options.onOutput?.(text);
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => {
      options.guard.unwatch(pid);
      resolve(signal ?? code ?? 0);
    });
  });
  return {
    child,
    pid,
    output: () => kept,
    ended,
    async stop(signal = 'SIGTERM', graceMs = 10_000) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}
