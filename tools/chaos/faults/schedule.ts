import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessFault, ProcessFaultKind } from '../plan/process-fault.js';
import { HopelessError, waitUntil } from '../../servers/wait-until.js';
import type { Restartable, SystemUnderFire } from '../system.js';
import type { WorkerGroup } from './worker-group.js';

/** What the time line has done so far. */
export interface FireProgress {
  /** How often each kind struck. */
  readonly struck: Partial<Record<ProcessFaultKind, number>>;
  /** What is being done right now, in words. */
  readonly now: readonly string[];
}

/** Faults on processes as they happen. */
export interface Fire {
  readonly progress: () => FireProgress;
  /**
   * Resolves when the last fault is over and every part is up again, with that time in epoch
   * milliseconds.
   */
  readonly over: Promise<number>;
}

/** A server that has just been ended may leave its port busy for a moment. */
const RESTART_WITHIN_MS = 2 * 60_000;

/** Carries out the time line, counted from `startedAtMs`; `signal` ends it early. */
export function startFire(options: {
  faults: readonly ProcessFault[];
  system: Pick<SystemUnderFire, 'broker' | 'brokerName' | 'database'>;
  groups: readonly WorkerGroup[];
  startedAtMs: number;
  signal: AbortSignal;
}): Fire {
  const { faults, system, groups, startedAtMs, signal } = options;
  const struck: Partial<Record<ProcessFaultKind, number>> = {};
  const now = new Set<string>();
  /** What happens to a server waits until what happened to it before is over. */
  const last = new Map<string, Promise<void>>();

  async function strike(fault: ProcessFault): Promise<void> {
    const words = describe(fault, system.brokerName);
    await wait(Math.max(0, startedAtMs + fault.atMs - Date.now()), undefined, { signal });
    if (fault.kind === 'stop-database' && system.database === undefined) return;
    now.add(words);
    struck[fault.kind] = (struck[fault.kind] ?? 0) + 1;
    try {
      await apply(fault);
    } finally {
      now.delete(words);
    }
  }

  async function apply(fault: ProcessFault): Promise<void> {
    switch (fault.kind) {
      case 'kill-worker':
        return await groups[fault.group]?.kill(fault.downMs);
      case 'deploy-worker':
        return await groups[fault.group]?.deploy();
      case 'freeze-worker':
        return await groups[fault.group]?.freeze(fault.forMs);
      case 'stop-database': {
        await afterTheLast('database', () => takeDown(system.database, 'stop', fault.downMs));
        return;
      }
      case 'kill-broker': {
        await afterTheLast('broker', () => takeDown(system.broker, 'kill', fault.downMs));
        return;
      }
      case 'stop-broker': {
        await afterTheLast('broker', () => takeDown(system.broker, 'stop', fault.downMs));
        return;
      }
    }
  }

  async function takeDown<How extends 'stop' | 'kill'>(
    server: Pick<Restartable, How | 'start'> | undefined,
    how: How,
    downMs: number,
  ): Promise<void> {
    if (server === undefined) return;
    await server[how]();
    await wait(downMs);
    await waitUntil(
      'a server to start again',
      async () => {
        if (signal.aborted) throw new HopelessError('The run is ending.');
        await server.start();
        return true;
      },
      { timeoutMs: RESTART_WITHIN_MS, everyMs: 500 },
    );
  }

  function afterTheLast(server: string, work: () => Promise<void>): Promise<void> {
    const done = (last.get(server) ?? Promise.resolve()).then(work);
    last.set(
      server,
      done.catch(() => undefined),
    );
    return done;
  }

  const over = Promise.all(faults.map(strike)).then(async () => {
    await Promise.all(groups.map((group) => group.reconciled()));
    return Date.now();
  });
  return { progress: () => ({ struck: { ...struck }, now: [...now] }), over };
}

function describe(fault: ProcessFault, brokerName: string): string {
  switch (fault.kind) {
    case 'kill-worker':
      return `worker ${fault.group + 1} killed`;
    case 'deploy-worker':
      return `worker ${fault.group + 1} deployed`;
    case 'freeze-worker':
      return `worker ${fault.group + 1} frozen`;
    case 'stop-database':
      return 'PostgreSQL stopped';
    case 'kill-broker':
      return `${brokerName} killed`;
    case 'stop-broker':
      return `${brokerName} stopped`;
  }
}
