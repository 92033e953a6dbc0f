import type { RunsPort } from '../activities/ports.js';
import { createClaims } from './claims.js';
import { createOwningRuns } from './owning-runs.js';
import type { RunsOptions } from './runs-options.js';

export type { RunsOptions } from './runs-options.js';

/**
 * What Temporal knows of other runs and of claims, as far back as the namespace keeps closed runs
 * (its retention).
 *
 * All of it throws plain Errors with a fixed sentence: nothing of a run is quoted.
 */
export function createRuns(options: RunsOptions): RunsPort {
  return { ...createOwningRuns(options), ...createClaims(options) };
}
