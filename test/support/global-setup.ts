import { isolateEnvironment } from '../../src/dev/isolated-environment.js';
import { closeSharedParts } from './shared-parts.js';

/** No test may reach what the shell's environment points at. */
export function mochaGlobalSetup(): void {
  isolateEnvironment();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await closeSharedParts();
}
