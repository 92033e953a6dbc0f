import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildClient } from '../../scripts/build/build-client.js';
import { packPackage } from '../../scripts/pack/pack-package.js';
import { CLIENT_PACKAGE } from '../../scripts/pack/packages.js';
import { childEnvironment, toolEnvironment } from '../servers/isolated-environment.js';
import { withProgress, type Say } from '../servers/progress.js';
import { APP_FOLDER, NEXT_COMMAND, ROOT } from './app-folder.js';

/** What npm and Next.js make, and what they do not read. */
const MADE = /^(?:node_modules|\.next|next-env\.d\.ts|README\.md|.*\.tsbuildinfo)/;

/**
 * Installs the example app with the client of these sources, and builds it: each only where
 * something has changed since the last time.
 */
export async function prepareApp({
  say,
  build,
}: {
  readonly say: Say;
  /** False: the app is to run with `next dev`. */
  readonly build: boolean;
}): Promise<void> {
  const client = await packClient(say);
  const lockfile = await readFile(join(APP_FOLDER, 'package-lock.json'), 'utf8');
  const installed = digest(client, lockfile);
  await onceFor(join(APP_FOLDER, 'node_modules', '.installed'), installed, () =>
    withProgress(say, 'Example app: npm ci', () =>
      execa('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
        cwd: APP_FOLDER,
        env: toolEnvironment(),
        extendEnv: false,
      }),
    ),
  );
  if (!build) return;
  await onceFor(
    join(APP_FOLDER, '.next', '.built'),
    digest(installed, await digestOf(APP_FOLDER, MADE)),
    () =>
      withProgress(say, 'Example app: next build', () =>
        execa(process.execPath, [NEXT_COMMAND, 'build'], {
          cwd: APP_FOLDER,
          env: childEnvironment({ NEXT_TELEMETRY_DISABLED: '1' }),
          extendEnv: false,
        }),
      ),
  );
}

/** Packs the client as it is in the sources; returns the digest of its code. */
async function packClient(say: Say): Promise<string> {
  const compiledAt = await modifiedAt(join(ROOT, 'dist', 'commonjs', 'package.json'));
  if (compiledAt <= (await newestIn(join(ROOT, 'src')))) {
    await mkdir(join(ROOT, 'dist'), { recursive: true });
    await withProgress(say, 'Client: compiling', () => buildClient(ROOT));
  }
  const target = join(ROOT, 'packed');
  await mkdir(target, { recursive: true });
  const { folder } = await packPackage(CLIENT_PACKAGE, { root: ROOT, target });
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  return digest(manifest, await digestOf(join(folder, 'dist')));
}

/** Does the work unless the file says that it was done for this. */
async function onceFor(file: string, wanted: string, work: () => Promise<unknown>): Promise<void> {
  if (existsSync(file) && (await readFile(file, 'utf8')) === wanted) return;
  await work();
  await writeFile(file, wanted);
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** The digest of the files in a folder. */
async function digestOf(folder: string, leftOut?: RegExp): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await filesIn(folder, leftOut)) {
    hash.update(`${path}\n`).update(await readFile(join(folder, path)));
  }
  return hash.digest('hex');
}

/** Without entering the folders that are left out: they hold tens of thousands of files. */
async function filesIn(folder: string, leftOut?: RegExp): Promise<string[]> {
  const top = await readdir(folder, { withFileTypes: true });
  const kept = top.filter(({ name }) => leftOut?.test(name) !== true);
  const paths = await Promise.all(
    kept.map(async (entry) => {
      if (!entry.isDirectory()) return [entry.name];
      const inside = await readdir(join(folder, entry.name), { recursive: true, withFileTypes: true });
      return inside
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name).slice(folder.length + 1));
    }),
  );
  return paths.flat().sort();
}

async function newestIn(folder: string): Promise<number> {
  const times = (await filesIn(folder)).map((path) => modifiedAt(join(folder, path)));
  return Math.max(...(await Promise.all(times)));
}

async function modifiedAt(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).mtimeMs : 0;
}
