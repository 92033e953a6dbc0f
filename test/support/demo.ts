import { execFileSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startGuarded, type GuardedProcess } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { ROOT } from './run-node.js';
import { makeDirectory, sharedGuard } from './scratch.js';

/** Five parts one after the other, from the sources, beside other tests. */
const STARTS_WITHIN_MS = 4 * 60_000;

/** A running `npm run demo`, with a temporary directory of its own. */
export interface RunningDemo {
  readonly process: GuardedProcess;
  readonly output: () => string;
  /** Waits until it wrote this. */
  readonly until: (pattern: RegExp) => Promise<void>;
  /** Waits until no process of it is left, and nothing of its data. */
  readonly leavesNothing: () => Promise<void>;
  /** How many processes of it were seen, itself included. */
  readonly processCount: () => number;
}

/** Starts it with these variables besides what is harmless. */
export async function startDemo(
  options: {
    args?: readonly string[];
    env?: Record<string, string>;
    /** Another program that starts all parts; @default tools/dev/demo.ts */
    script?: string;
  } = {},
): Promise<RunningDemo> {
  const directory = await makeDirectory('tmp');
  // PostgreSQL may have to run as another user, who passes through here.
  await chmod(directory, 0o711);
  let output = '';
  const demo = await startGuarded({
    guard: await sharedGuard(),
    command: process.execPath,
    args: ['--import', 'tsx', options.script ?? 'tools/dev/demo.ts', ...(options.args ?? [])],
    cwd: ROOT,
    env: childEnvironment({ TMPDIR: directory, ...options.env }),
    onOutput: (text) => (output += text),
  });
  const family = new Map<string, ProcessEntry>();
  const look = () => {
    for (const entry of descendantsOf(demo.pid)) family.set(entry.identity, entry);
  };
  look();
  const watch = setInterval(look, 200);
  void demo.ended.then(() => {
    clearInterval(watch);
  });
  const dataLeft = async () => (await readdir(directory)).filter((name) => name.startsWith('durable-sms-'));
  return {
    process: demo,
    output: () => output,
    async until(pattern) {
      await waitUntil(
        `the demo to say ${String(pattern)}`,
        () => {
          if (demo.child.exitCode !== null && !pattern.test(output))
            throw new HopelessError(`The demo ended:\n${output}`);
          return pattern.test(output);
        },
        { timeoutMs: STARTS_WITHIN_MS },
      );
      look();
    },
    async leavesNothing() {
      let left: unknown[] = [];
      try {
        await waitUntil('everything of the demo to be gone', async () => {
          const alive = new Set(processes().map(({ identity }) => identity));
          left = [
            ...[...family.values()].filter(({ identity }) => alive.has(identity)),
            ...(await dataLeft()),
          ];
          return left.length === 0;
        });
      } catch (cause) {
        throw new Error(`Left over: ${JSON.stringify(left)}`, { cause });
      }
    },
    processCount: () => family.size,
  };
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process ids are reused; the start time distinguishes a process from a later one. */
  readonly identity: string;
  readonly command: string;
}

/** What runs now; what has ended and waits to be collected does not. */
function processes(): ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,comm='], {
    encoding: 'utf8',
    env: { ...childEnvironment(), LC_ALL: 'C' },
  });
  return table.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (match === null || match[3]!.startsWith('Z')) return [];
    const [, pid, parent, , startedAt, command] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        identity: `${pid!} of ${startedAt!}`,
        command: command!,
      },
    ];
  });
}

function descendantsOf(pid: number): ProcessEntry[] {
  const all = processes();
  const found = all.filter((entry) => entry.pid === pid);
  for (const ancestor of found) found.push(...all.filter(({ parent }) => parent === ancestor.pid));
  return found;
}

/** A server that answers nothing and counts who comes. */
export async function startTrap() {
  let visitors = 0;
  const server = createServer((socket) => {
    visitors++;
    socket.on('error', () => undefined).destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    visitors: () => visitors,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
