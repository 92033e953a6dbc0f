import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What compiled entry points reach. */
export interface Reach {
  /** The entry points and every file that they lead to, as absolute paths. */
  readonly files: readonly string[];
  /** What they import of packages and of Node.js, as it is written: `zod`, `node:crypto`. */
  readonly imports: readonly string[];
}

/**
 * Follows the imports of compiled files, static and dynamic ones.
 *
 * @param entries paths without their ending
 * @param ending `.js` follows what runs, `.d.ts` what the types need
 */
export function reachableFiles(entries: readonly string[], ending: '.js' | '.d.ts'): Reach {
  const files = new Set<string>();
  const imports = new Set<string>();
  const open = entries.map((entry) => `${entry}${ending}`);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const { fileName: specifier } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true)
      .importedFiles) {
      if (!specifier.startsWith('.')) imports.add(specifier);
      else open.push(join(dirname(path), specifier.replace(/\.js$/, ending)));
    }
  }
  return { files: [...files].toSorted(), imports: [...imports].toSorted() };
}
