import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/** The data converter of every process, with the path of its payload converter for the workflow sandbox. */
export const dataConverter = { payloadConverterPath: payloadConverterPath() };

/**
 * Where the worker takes its workflow code from: the bundle that `npm run build` made, where there is one beside the
 * compiled worker; else the sources, bundled at start.
 */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: workflowsPath() };
}

/** The entry of the workflow code, for bundling. */
export function workflowsPath(): string {
  return sibling('../workflows/index');
}

/** The SDK loads it with `require`, so the build makes a CommonJS module of it. */
function payloadConverterPath(): string {
  const compiled = fileURLToPath(new URL('../data-converter/payload-converter.cjs', import.meta.url));
  return existsSync(compiled) ? compiled : sibling('../data-converter/payload-converter');
}

/** A module of this package by its path without ending: `.ts` in the sources, `.js` once compiled. */
function sibling(path: string): string {
  return fileURLToPath(new URL(path + extname(import.meta.url), import.meta.url));
}
