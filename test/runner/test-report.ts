import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cacheFile } from './cache-file.js';
import { laneOf } from './lanes.js';

/** What the reporter writes of a run. */
export interface TestReport {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  readonly files: readonly FileReport[];
}

/** What a test file took: its tests and hooks, without the loading of its modules. */
export interface FileReport {
  readonly file: string;
  readonly elapsedMs: number;
}

/**
 * What a file outside the slow lane may take: one that takes longer belongs there, or is to be made
 * faster.
 */
export const MAX_FILE_MS = 60_000;

const SLOWEST_SHOWN = 10;

/** The lines about the slowest files of a run. */
export function describeSlowest({ files }: TestReport): string[] {
  const slowest = files.toSorted((a, b) => b.elapsedMs - a.elapsedMs).slice(0, SLOWEST_SHOWN);
  return slowest.map(({ file, elapsedMs }) => `${(elapsedMs / 1000).toFixed(1).padStart(8)} s  ${file}`);
}

/**
 * How long a file may take on a machine this busy, in milliseconds. The processes wait most of the
 * time, so a load of one for each of them is their own; beyond that, everything takes longer by as
 * much.
 */
export function fileLimitMs({ load, jobs }: { readonly load: number; readonly jobs: number }): number {
  return MAX_FILE_MS * Math.max(1, load / jobs);
}

/** The files outside the slow lane that took longer than this, in milliseconds. */
export function findTooSlow({ files }: TestReport, limitMs: number = MAX_FILE_MS): FileReport[] {
  return files.filter(({ file, elapsedMs }) => elapsedMs > limitMs && laneOf(file) !== 'slow');
}

/**
 * Reads what the reporter wrote; a run that ended before its report counts as one failure.
 */
export async function readReport(path: string): Promise<TestReport> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as TestReport;
  } catch {
    return { passes: 0, failures: 1, pending: 0, files: [] };
  }
}

const DURATIONS = cacheFile('test-durations.json');

/** The milliseconds that each test file took when it last ran; empty in a new clone. */
export async function readDurations(): Promise<Map<string, number>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(DURATIONS, 'utf8')) as Record<string, number>));
  } catch {
    return new Map();
  }
}

/** Remembers what the files of this run took, so that the next one starts with the slowest. */
export async function rememberDurations({ files }: TestReport): Promise<void> {
  const durations = await readDurations();
  for (const { file, elapsedMs } of files) durations.set(file, elapsedMs);
  await mkdir(dirname(DURATIONS), { recursive: true });
  await writeFile(DURATIONS, JSON.stringify(Object.fromEntries(durations)));
}
