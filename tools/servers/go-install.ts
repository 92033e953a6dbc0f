import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { toolEnvironment } from './isolated-environment.js';
import { withProgress, type Say } from './progress.js';

/**
 * Builds programs with Go into `directory`, all or nothing.
 *
 * @returns false where there is no Go, or it cannot build them
 */
export async function goInstall(options: {
  /** `module/package@version` each. */
  packages: readonly string[];
  directory: string;
  /** What is built, for the person who waits. */
  what: string;
  say: Say;
}): Promise<boolean> {
  const { packages, directory, what, say } = options;
  const env = toolEnvironment({ CGO_ENABLED: '0' });
  const { failed: noGo } = await execa('go', ['version'], { env, extendEnv: false, reject: false });
  if (noGo) return false;
  // Into a directory of its own first: a build that was cut off, or a second one beside it, must
  // leave nothing half done.
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(join(parent, 'build-'));
  try {
    return await withProgress(say, `${what}; this takes minutes`, async () => {
      for (const name of packages) {
        const { failed } = await execa('go', ['install', name], {
          env: { ...env, GOBIN: temporary },
          extendEnv: false,
          reject: false,
        });
        if (failed) return false;
      }
      await rename(temporary, directory).catch(() => undefined);
      return true;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
