import type { MemoryCourse } from './measure-memory.js';
import type { StartTimes } from './measure-start.js';
import type { CpuShares } from './profile/share-out.js';
import { median } from '../report/median.js';

/** What was measured of a worker so far. */
export interface WorkerFigures {
  start?: StartTimes;
  profile?: CpuShares;
  memory?: MemoryCourse;
}

/** What our own targets are. */
const TARGETS = { startRatio: 0.6, ownShare: 0.1, memoryRatio: 1.1 };

const MIB = 2 ** 20;

/** Says how soon a worker polls. */
export function renderStart({ bundledAhead, bundledAtStart, ratio }: StartTimes): string {
  const ms = (values: readonly number[]) => `${Math.round(median(values) ?? Number.NaN)} ms`;
  return [
    '',
    'From the start of the process to the first task',
    `  bundled by the build   ${ms(bundledAhead)}`,
    `  bundled at start       ${ms(bundledAtStart)}`,
    `  ratio                  ${judge(ratio, TARGETS.startRatio, '×')}`,
  ].join('\n');
}

/** Says where the CPU time goes. */
export function renderProfile({ owners, functions }: CpuShares): string {
  const own = owners.find(({ owner }) => owner === 'our own code')?.share ?? 0;
  return [
    '',
    'CPU time of the JavaScript threads of a loaded worker, by whose code was running',
    ...owners.map(({ owner, share }) => `  ${percent(share).padStart(6)}  ${owner}`),
    '  the functions that took most:',
    ...functions.map(({ name, share }) => `  ${percent(share).padStart(6)}  ${name}`),
    `  our own code           ${judge(own, TARGETS.ownShare, '')}`,
  ].join('\n');
}

/** Says whether the memory stays flat. */
export function renderMemory({ sends, quarters, lastToSecond }: MemoryCourse): string {
  return [
    '',
    `Resident memory over ${sends} sends, the median of each quarter`,
    `  ${quarters.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', ')}`,
    `  last to second         ${judge(lastToSecond, TARGETS.memoryRatio, '×')}`,
  ].join('\n');
}

function judge(measured: number | undefined, most: number, unit: string): string {
  if (measured === undefined) return 'not measured';
  const shown = unit === '' ? percent(measured) : `${measured.toFixed(2)} ${unit}`;
  const wanted = unit === '' ? percent(most) : `${most} ${unit}`;
  return `${shown} (wanted: ≤ ${wanted}, ${measured <= most ? 'met' : 'missed'})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
