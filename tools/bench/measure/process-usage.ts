import { readdirSync, readFileSync } from 'node:fs';

/** What a group of processes has used. */
export interface ProcessUsage {
  /** In milliseconds, user and system, of those that have ended too. */
  readonly cpuMs: number;
  /** The most memory that each ever had, added up, in bytes. */
  readonly peakRssBytes: number;
}

/**
 * Linux counts CPU time in hundredths of a second for every program (man 5 proc, "stat"; sysconf
 * _SC_CLK_TCK).
 */
const TICK_MS = 10;

/**
 * What these processes and all that descend from them have used so far.
 *
 * @returns undefined where the operating system has no /proc
 */
export function readProcessUsage(pids: readonly number[]): ProcessUsage | undefined {
  if (process.platform !== 'linux') return undefined;
  const children = readChildren();
  const sum = { cpuMs: 0, peakRssBytes: 0 };
  const visit = (pid: number) => {
    const stat = readStat(pid);
    if (stat === undefined) return;
    sum.cpuMs += stat.cpuMs;
    sum.peakRssBytes += readPeakRss(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  for (const pid of pids) visit(pid);
  return sum;
}

function readChildren(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = readStat(Number(name))?.parent;
    if (parent === undefined) continue;
    const siblings = children.get(parent) ?? [];
    siblings.push(Number(name));
    children.set(parent, siblings);
  }
  return children;
}

/** Undefined for a process that has ended. */
function readStat(pid: number): { parent: number; cpuMs: number } | undefined {
  const text = readProc(`${pid}/stat`);
  if (text === undefined) return undefined;
  // The name, in brackets, may hold spaces and brackets; what follows it begins with field 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const [utime, stime, cutime, cstime] = [field(14), field(15), field(16), field(17)];
  return { parent: field(4), cpuMs: (utime + stime + cutime + cstime) * TICK_MS };
}

function readPeakRss(pid: number): number {
  return readMemory(pid, 'VmHWM') ?? 0;
}

/**
 * What a process has in memory now, in bytes; undefined for one that has ended, or where there is
 * no /proc.
 */
export function readRss(pid: number): number | undefined {
  return readMemory(pid, 'VmRSS');
}

/** A line of /proc/PID/status in bytes (man 5 proc). */
function readMemory(pid: number, name: 'VmHWM' | 'VmRSS'): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readProc(`${pid}/status`) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}
