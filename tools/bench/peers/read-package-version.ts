import { readFile } from 'node:fs/promises';

/** The version of a package that is installed here. */
export async function readPackageVersion(name: string): Promise<string> {
  const path = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  return version;
}
