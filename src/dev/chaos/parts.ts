import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from '../clean-up.js';
import { createDataDirectory } from '../dev-directories.js';
import { createProcessGuard, type ProcessGuard } from '../process-guard.js';
import type { Say } from '../progress.js';
import { startSimulator, type Simulator } from '../simulator/start-simulator.js';

/** What every system under fire needs: a provider, a place for data, and the certainty that nothing outlives the run. */
export interface CommonParts {
  readonly cleanUp: CleanUp;
  readonly guard: ProcessGuard;
  readonly say: Say;
  /** Makes a directory of that name for a server's data. */
  readonly makeDirectory: (name: string) => Promise<string>;
  readonly simulator: Simulator;
  /** In clear, one for each account of the plan. */
  readonly apiKeys: readonly string[];
}

/** Starts them; each adds its end to `cleanUp`. */
export async function startCommonParts(options: {
  cleanUp: CleanUp;
  say: Say;
  accountCount: number;
}): Promise<CommonParts> {
  const { cleanUp, say, accountCount } = options;
  const guard = createProcessGuard();
  cleanUp.add(guard.close);
  const directory = await createDataDirectory();
  guard.removeDirectory(directory);
  cleanUp.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  // PostgreSQL may have to run as another user, who must be able to get to its own directory.
  await chmod(directory, 0o711);

  const apiKeys = Array.from({ length: accountCount }, () => `chaos-${randomBytes(16).toString('hex')}`);
  const simulator = await startSimulator({
    apiKeys: apiKeys.map((key, index) => ({ key, label: `account ${index + 1}` })),
  });
  cleanUp.add(simulator.close);
  say(`SMSMobileAPI simulator: ready, inbox at ${simulator.url}/`);
  return {
    ...{ cleanUp, guard, say, simulator, apiKeys },
    async makeDirectory(name) {
      const path = join(directory, name);
      await mkdir(path);
      return path;
    },
  };
}
