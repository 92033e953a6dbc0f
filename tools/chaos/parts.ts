import { randomBytes } from 'node:crypto';
import type { CleanUp } from '../servers/clean-up.js';
import { createDataPlace } from '../servers/data-place.js';
import type { ProcessGuard } from '../servers/process-guard.js';
import type { Say } from '../servers/progress.js';
import { startSimulator, type Simulator } from '../simulator/start-simulator.js';

/**
 * What every system under fire needs: a provider, a place for data, and the certainty that nothing
 * outlives the run.
 */
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
  const { guard, makeDirectory } = await createDataPlace(cleanUp);
  const apiKeys = Array.from({ length: accountCount }, () => `chaos-${randomBytes(16).toString('hex')}`);
  const simulator = await startSimulator({
    apiKeys: apiKeys.map((key, index) => ({ key, label: `account ${index + 1}` })),
  });
  cleanUp.add(simulator.close);
  say(`SMSMobileAPI simulator: ready, inbox at ${simulator.url}/`);
  return { cleanUp, guard, say, simulator, apiKeys, makeDirectory };
}
