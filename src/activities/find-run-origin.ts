import { currentRun } from './current-run.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.findRunOrigin}. */
export function createFindRunOrigin(): Activities['findRunOrigin'] {
  return ({ originalRunId }) => Promise.resolve({ wasReset: currentRun().runId !== originalRunId });
}
