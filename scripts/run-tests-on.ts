import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { toolEnvironment } from '../tools/servers/isolated-environment.js';
import { LANES, type Lane } from '../test/runner/lanes.js';
import { readReport, type TestReport } from '../test/runner/test-report.js';
import type { NodeBinary } from './node-binary.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The parts of the tests that can be run alone. */
export const TEST_PARTS = {
  all: LANES,
  /** What needs no server: where versions of Node.js differ, in cryptography, HTTP and the VM. */
  unit: ['unit'],
} as const satisfies Record<string, readonly Lane[]>;

/** The name of a part of the tests. */
export type TestPart = keyof typeof TEST_PARTS;

/** Mocha's own counts. */
export type TestCounts = Pick<TestReport, 'passes' | 'failures' | 'pending'>;

/**
 * Runs a part of the tests on this Node.js: the runner, its children, and whatever they find as
 * `node`.
 */
export async function runTestsOn(
  node: NodeBinary,
  part: TestPart,
  { output }: { output: 'inherit' | 'pipe' },
): Promise<{ readonly counts: TestCounts; readonly output: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'durable-sms-counts-'));
  const report = join(directory, 'counts.json');
  try {
    const { all = '' } = await execa(
      node.path,
      ['--import', 'tsx', 'test/runner/main.ts', ...TEST_PARTS[part], '--jobs', '3', '--report', report],
      {
        cwd: ROOT,
        env: toolEnvironment({
          PATH: `${node.directory}${delimiter}${process.env['PATH'] ?? ''}`,
        }),
        extendEnv: false,
        stdin: 'ignore',
        stdout: output,
        stderr: output,
        all: output === 'pipe',
        reject: false,
      },
    );
    return { counts: await readReport(report), output: all };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
