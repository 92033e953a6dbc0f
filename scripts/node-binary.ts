import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../tools/servers/dev-directories.js';
import { toolEnvironment } from '../tools/servers/isolated-environment.js';

/** A Node.js other than the one that runs this. */
export interface NodeBinary {
  /** The directory of the executable, to be put first on a PATH. */
  readonly directory: string;
  /** The executable. */
  readonly path: string;
  /** As `node --version` prints it. */
  readonly version: string;
}

/**
 * The newest Node.js of a major version as it was when it was first requested: from npm's
 * `node-linux-…` packages, kept in the cache. Nothing is installed into `node_modules`, and no
 * script of the package runs.
 *
 * @throws Error that says why it cannot be had
 */
export async function findNode(major: number): Promise<NodeBinary> {
  const directory = join(cacheDirectory(), `node-${major}`);
  if (!existsSync(join(directory, 'node'))) await download(major, directory);
  const path = join(directory, 'node');
  const { stdout } = await execa(path, ['--version']);
  if (!stdout.startsWith(`v${major}.`)) throw new Error(`${path} is ${stdout}: delete ${directory}.`);
  return { directory, path, version: stdout };
}

async function download(major: number, directory: string): Promise<void> {
  const { platform, arch } = process;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    throw new Error(
      `npm packages Node.js ${major} for Linux on x64 and arm64 only, not for ${platform} ${arch}.`,
    );
  }
  const name = `node-linux-${arch}@${major}`;
  await mkdir(cacheDirectory(), { recursive: true });
  // Into a directory of its own first: what was cut off, or done twice at once, must leave nothing
  // half done.
  const temporary = await mkdtemp(join(cacheDirectory(), 'node-'));
  const unpacked = join(temporary, 'bin');
  try {
    await mkdir(unpacked);
    const options = { cwd: temporary, env: toolEnvironment(), extendEnv: false, timeout: 300_000 };
    // npm compares the archive with the digest that the registry lists for it.
    const { stdout } = await execa('npm', ['pack', name, '--json', '--ignore-scripts'], options);
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    await execa(
      'tar',
      ['-xzf', packed?.filename ?? '', '-C', unpacked, '--strip-components=2', 'package/bin/node'],
      options,
    );
    // Another run may have been faster: its directory is as good.
    await rename(unpacked, directory).catch((error: unknown) => {
      if (!existsSync(join(directory, 'node'))) throw error;
    });
  } catch (cause) {
    throw new Error(`Node.js ${major} could not be downloaded from npm (${name}).`, { cause });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
