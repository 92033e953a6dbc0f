import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';

/** How a process ended and what it wrote. */
export interface Ended {
  /** Undefined if it had to be killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Longer than anything that ends by itself takes on a slow machine: what is still running then
 * hangs.
 */
const HANGS_AFTER_MS = 90_000;

/** Runs Node with exactly these variables and waits for its end. */
export async function runNode(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; cwd?: string; timeoutMs?: number } = {},
): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    env: childEnvironment(options.env),
    extendEnv: false,
    cwd: options.cwd ?? ROOT,
    input: options.input ?? '',
    reject: false,
    timeout: options.timeoutMs ?? HANGS_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  return { exitCode, stdout, stderr };
}

/** Runs a program of the sources, such as `cli.ts`, as a process of its own. */
export function runSource(
  script: string,
  args: readonly string[] = [],
  options: Parameters<typeof runNode>[1] = {},
): Promise<Ended> {
  return runNode(['--import', 'tsx', `src/${script}`, ...args], options);
}
