import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.js';
import { createDataDirectory } from './dev-directories.js';
import { createProcessGuard, type ProcessGuard } from './process-guard.js';

/** A place for the data of one run's servers, and the certainty that neither outlives it. */
export interface DataPlace {
  readonly guard: ProcessGuard;
  readonly directory: string;
  /** Makes a directory of that name in it. */
  readonly makeDirectory: (name: string) => Promise<string>;
}

/** Makes the place; `cleanUp`, or else the guard, removes it. */
export async function createDataPlace(cleanUp: CleanUp): Promise<DataPlace> {
  const guard = createProcessGuard();
  cleanUp.add(guard.close);
  const directory = await createDataDirectory(guard);
  cleanUp.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return {
    guard,
    directory,
    async makeDirectory(name) {
      const path = join(directory, name);
      await mkdir(path);
      return path;
    },
  };
}
