import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/**
 * Where the worker takes its workflow code from: the bundle that `npm run build` made, where there is one beside the
 * compiled worker; else the sources, bundled at start.
 */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'interceptors'> {
  const codePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: workflowsPath(), interceptors: { workflowModules: [passTracePath()] } };
}

/** The entry of the workflow code, for bundling. */
export function workflowsPath(): string {
  // `.ts` in the sources, `.js` once compiled.
  return fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));
}

/** The interceptors that every bundle has; a run that nobody traces does not notice them. */
function passTracePath(): string {
  return fileURLToPath(new URL(`../workflows/pass-trace${extname(import.meta.url)}`, import.meta.url));
}
