import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { toolEnvironment } from '../src/dev/isolated-environment.js';
import type { NodeBinary } from './node-binary.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where tests are that differ with Node.js itself: its cryptography, its HTTP, its VM. */
const NO_SERVER_PLACES =
  /^(?:(?:activities|crypto|data-converter|domain|provider)\/|config|client\/start-request|versioning\/deployment-config|worker\/(?:health-server|log)\.|workflows\/histories)/;

/** What a test imports that starts Temporal, PostgreSQL or a worker. */
const SET_UP_OF_SERVERS =
  /\/(?:send-fixture|shared-parts|own-temporal|time-skipping|worker-environment)\.js'/;

/** The parts of the tests that can be run alone, with the files that mocha is given. */
export const TEST_PARTS = {
  all: () => Promise.resolve(['test/**/*.test.ts']),
  /** What needs neither Temporal nor PostgreSQL: about two minutes. */
  'no-server': findTestsWithoutServer,
};

/** The name of a part of the tests. */
export type TestPart = keyof typeof TEST_PARTS;

async function findTestsWithoutServer(): Promise<string[]> {
  const paths = (await readdir(join(ROOT, 'test'), { recursive: true }))
    .filter((path) => path.endsWith('.test.ts') && NO_SERVER_PLACES.test(path))
    .map((path) => `test/${path}`);
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), 'utf8')));
  return paths.filter((_, index) => !SET_UP_OF_SERVERS.test(texts[index] ?? '')).toSorted();
}

/** Mocha's own counts. */
export interface TestCounts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/** Runs a part of the tests on this Node.js: mocha, its children, and whatever they find as `node`. */
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
      ['node_modules/mocha/bin/mocha.js', ...(await TEST_PARTS[part]())],
      {
        cwd: ROOT,
        env: toolEnvironment({
          PATH: `${node.directory}${delimiter}${process.env['PATH'] ?? ''}`,
          MOCHA_REPORT: report,
        }),
        extendEnv: false,
        stdin: 'ignore',
        stdout: output,
        stderr: output,
        all: output === 'pipe',
        reject: false,
      },
    );
    return { counts: await readCounts(report), output: all };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Tests that did not get as far as to a report count as one failure. */
async function readCounts(path: string): Promise<TestCounts> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as TestCounts;
  } catch {
    return { passes: 0, failures: 1, pending: 0 };
  }
}
