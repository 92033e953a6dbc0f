/**
 * Finds the module of a line of the workflow bundle, counted from 0; undefined for webpack's own
 * lines.
 */
export type BundleModules = (line: number) => string | undefined;

/** The line with which webpack begins a module, in development mode. */
const MODULE_LINE = /^\/\*\*\*\/ "([^"]+)"/;

/** Reads where each module begins in the workflow bundle. */
export function readBundleModules(code: string): BundleModules {
  const modules: (string | undefined)[] = [];
  let current: string | undefined;
  for (const line of code.split('\n')) {
    if (line.startsWith('/************************************************************************/'))
      current = undefined;
    current = MODULE_LINE.exec(line)?.[1] ?? current;
    modules.push(current);
  }
  return (line) => modules[line];
}
