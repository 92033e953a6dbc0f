import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packPackage, type PackedPackage } from '../../scripts/pack/pack-package.js';
import { CLIENT_PACKAGE, WORKER_PACKAGE } from '../../scripts/pack/packages.js';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

/** What of a package.json the tests read. */
export interface PackedManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly publishConfig?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packs the client and the worker as they are built. */
export async function packBoth(): Promise<{ client: PackedPackage; worker: PackedPackage }> {
  await ensureBuilt();
  const target = await makeDirectory('packed');
  const root = ROOT.replace(/\/$/, '');
  return {
    client: await packPackage(CLIENT_PACKAGE, { root, target }),
    worker: await packPackage(WORKER_PACKAGE, { root, target }),
  };
}

/** The package.json in a package. */
export async function readManifest({ folder }: PackedPackage): Promise<PackedManifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackedManifest;
}

/** The digest of a file. */
export async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
