import { readRepositoryFile } from './compose-file.js';

/**
 * The environment variables that a source file checks: the keys of its schemas that are written as
 * such.
 */
export function variablesOf(path: string): string[] {
  const names = [...readRepositoryFile(path).matchAll(/(?:^ {2}|, )([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+):/gm)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)];
}
