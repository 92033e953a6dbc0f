import { constants, setPriority } from 'node:os';
import { execa } from 'execa';
import { cacheFile } from './cache-file.js';
import { ROOT } from '../support/run-node.js';

/** What is checked without running anything, the slowest first. */
const CHECKS = {
  lint: ['eslint', '.', '--cache', '--cache-strategy', 'content', '--cache-location', cacheFile('eslint')],
  types: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', cacheFile('tsc.tsbuildinfo')],
  format: [
    'prettier',
    '--check',
    '.',
    '--log-level',
    'warn',
    '--cache',
    '--cache-location',
    cacheFile('prettier'),
  ],
  prose: ['npm', 'run', '--silent', 'prose'],
  'dead code': ['knip', '--no-progress'],
  api: ['node', '--import', 'tsx', 'scripts/api-report.ts', '--check'],
  imports: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'tools', 'test', 'scripts'],
} as const;

/** How a check ended. */
export interface CheckResult {
  readonly name: string;
  readonly isPassed: boolean;
  readonly elapsedMs: number;
  readonly output: string;
}

/**
 * Runs every check, one after the other, as the tests want the other cores; `onEnd` hears of each.
 */
export async function runChecks(onEnd: (result: CheckResult) => void): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [name, [command, ...args]] of Object.entries(CHECKS)) {
    const startedAt = Date.now();
    const running = execa(command, args, {
      cwd: ROOT,
      preferLocal: true,
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    // The tests come first where both want the same core.
    if (running.pid !== undefined) setPriority(running.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const { failed, all } = await running;
    const result = { name, isPassed: !failed, elapsedMs: Date.now() - startedAt, output: all };
    results.push(result);
    onEnd(result);
  }
  return results;
}
