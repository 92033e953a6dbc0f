import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';

/**
 * The lanes of the tests. A file's name says which is its own: `x.test.ts` is a unit test,
 * `x.integration.test.ts` and `x.slow.test.ts` say so.
 */
export const LANES = ['unit', 'integration', 'slow'] as const;

/** The name of a lane. */
export type Lane = (typeof LANES)[number];

/** The lane of a test file; undefined for a file that holds no tests. */
export function laneOf(path: string): Lane | undefined {
  const suffix = /[^/.]((?:\.[a-z]+)*)\.test\.ts$/.exec(path)?.[1];
  if (suffix === undefined) return undefined;
  if (suffix === '') return 'unit';
  const lane = LANES.find((name) => name !== 'unit' && suffix === `.${name}`);
  if (lane === undefined) throw new Error(`${path} is in no lane: its name must end in one of ${endings()}.`);
  return lane;
}

const endings = () => LANES.map((lane) => (lane === 'unit' ? '.test.ts' : `.${lane}.test.ts`)).join(', ');

/** The test files of these lanes, as paths from the repository's root. */
export async function findTests(lanes: readonly Lane[]): Promise<string[]> {
  const paths = (await readdir(join(ROOT, 'test'), { recursive: true })).map(
    (path) => `test/${path.replaceAll('\\', '/')}`,
  );
  return paths
    .filter((path) => {
      const lane = laneOf(path);
      return lane !== undefined && lanes.includes(lane);
    })
    .toSorted();
}
