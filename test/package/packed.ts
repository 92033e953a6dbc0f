import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Publishing } from '../../scripts/pack/manifests.js';
import { packPackage, type PackedPackage } from '../../scripts/pack/pack-package.js';
import { CLIENT_PACKAGE, WORKER_PACKAGE } from '../../scripts/pack/packages.js';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

const REPOSITORY = ROOT.replace(/\/$/, '');

/** What of a package.json the tests read. */
export interface PackedManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly publishConfig?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packs the client and the worker as they are built. */
export async function packBoth(): Promise<{ client: PackedPackage; worker: PackedPackage }> {
  await ensureBuilt();
  const target = await makeDirectory('packed');
  return {
    client: await packClient(),
    worker: await packPackage(WORKER_PACKAGE, { root: REPOSITORY, target }),
  };
}

/** The package.json in a package. */
export async function readManifest({ folder }: PackedPackage): Promise<PackedManifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackedManifest;
}

/** Packs the client alone. */
export async function packClient(publishing: Publishing = {}): Promise<PackedPackage> {
  await ensureBuilt();
  return await packPackage(CLIENT_PACKAGE, {
    root: REPOSITORY,
    target: await makeDirectory('packed'),
    publishing,
  });
}

/** What the client exports, as absolute paths without their ending. */
export async function entriesOf(client: PackedPackage): Promise<string[]> {
  const { exports } = await readManifest(client);
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [join(client.folder, target.default.replace(/\.js$/, ''))],
  );
}

/** The digest of a file. */
export async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
