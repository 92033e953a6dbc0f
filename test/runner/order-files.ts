import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/run-node.js';
import { laneOf } from './lanes.js';

/**
 * The files in the order in which they are handed to free processes: those that took longest first,
 * so that none of them is left alone at the end. A file that has not run yet is taken to be slow,
 * the longer its text the slower; a unit test is not.
 */
export function orderBySlowest(
  files: readonly string[],
  durations: ReadonlyMap<string, number>,
  sizeOf: (file: string) => number = (file) => statSync(join(ROOT, file)).size,
): string[] {
  const known = files.filter((file) => durations.has(file));
  const unknown = files.filter((file) => !durations.has(file)).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  return [
    ...unknown.filter((file) => laneOf(file) !== 'unit'),
    ...unknown.filter((file) => laneOf(file) === 'unit'),
    ...known.toSorted((a, b) => (durations.get(b) ?? 0) - (durations.get(a) ?? 0)),
  ];
}

/** The files in random order. */
export function shuffle(files: readonly string[], random: () => number = Math.random): string[] {
  return files
    .map((file) => ({ file, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ file }) => file);
}
