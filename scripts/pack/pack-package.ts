import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { toolEnvironment } from '../../tools/servers/isolated-environment.js';
import { dropDeadLinks } from './drop-dead-links.js';
import { readRootManifest, type Publishing } from './manifests.js';
import type { PackageSource } from './packages.js';

/** A tarball that was made. */
export interface PackedPackage {
  readonly name: string;
  /** The tarball, an absolute path. */
  readonly path: string;
  /** The folder with the same content, an absolute path. */
  readonly folder: string;
  /** The files in the tarball, as paths from its root. */
  readonly files: readonly string[];
  /** The size of the tarball in bytes. */
  readonly bytes: number;
}

/**
 * Puts a package together in a folder and makes its tarball beside it. The build must be there.
 *
 * @param root the repository
 * @param target where folder and tarball are written
 */
export async function packPackage(
  source: PackageSource,
  { root, target, publishing = {} }: { root: string; target: string; publishing?: Publishing },
): Promise<PackedPackage> {
  const manifest = source.manifest(await readRootManifest(root), publishing);
  const folder = join(target, manifest.name.replace(/^@.*\//, ''));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, source.build.folder), join(folder, 'dist'), {
    recursive: true,
    filter: leavesOut(join(root, source.build.folder), source.build.leftOut),
  });
  for (const path of source.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path));
  }
  await cp(join(root, source.readme), join(folder, 'README.md'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await cutDeadLinks(folder);
  return await makeTarball(folder, target);
}

function leavesOut(folder: string, leftOut: RegExp): (path: string) => boolean {
  return (path) => !leftOut.test(path.slice(folder.length + 1));
}

async function cutDeadLinks(folder: string): Promise<void> {
  const files = new Set(await readdir(folder, { recursive: true }));
  for (const place of files) {
    if (!place.endsWith('.md')) continue;
    const path = join(folder, place);
    await writeFile(path, dropDeadLinks(await readFile(path, 'utf8'), { place, files }));
  }
}

async function makeTarball(folder: string, target: string): Promise<PackedPackage> {
  const { stdout } = await execa(
    'npm',
    ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', target],
    { cwd: target, env: toolEnvironment(), extendEnv: false },
  );
  const [packed] = JSON.parse(stdout) as {
    name: string;
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  if (packed === undefined) throw new Error(`npm made no tarball of ${folder}.`);
  const { name, filename, size, files } = packed;
  return {
    name,
    path: join(target, filename),
    folder,
    files: files.map(({ path }) => path),
    bytes: size,
  };
}
