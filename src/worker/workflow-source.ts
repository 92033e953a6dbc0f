import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions, WorkflowBundle } from '@temporalio/worker';

/**
 * The bundles of the build: one turns failures into payloads, so that they can be encrypted; the
 * other leaves failures readable.
 */
export const BUNDLES = {
  encodedFailures: 'workflow-bundle.js',
  readableFailures: 'workflow-bundle-readable.js',
};

/**
 * Where the worker takes its workflow code from: `bundle` if given, else the bundle that
 * `npm run build` made, where there is one beside the compiled worker; else the sources, bundled at
 * start with what the data converter names.
 *
 * @param options `failureConverterPath` as in the data converter: with it, failures are made
 *   payloads
 */
export function workflowSource({
  bundle,
  failureConverterPath,
}: {
  readonly bundle?: WorkflowBundle | undefined;
  readonly failureConverterPath?: string | undefined;
} = {}): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'interceptors' | 'bundlerOptions'> {
  if (bundle !== undefined) return { workflowBundle: bundle };
  const name = failureConverterPath === undefined ? BUNDLES.readableFailures : BUNDLES.encodedFailures;
  const codePath = fileURLToPath(new URL(`../${name}`, import.meta.url));
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : {
        workflowsPath: workflowsPath(),
        interceptors: { workflowModules: [modulePath('workflows/pass-trace')] },
        bundlerOptions: { preloadModules: preloadedModules() },
      };
}

/** The entry of the workflow code, for bundling. */
export function workflowsPath(): string {
  return modulePath('workflows/index');
}

/**
 * The modules that all runs in a worker share; every other one is evaluated anew for each run.
 * These three bring zod, whose schemas take longer to make than all the rest of a send's workflow
 * code takes to run. They are pure: no run can leave anything in them, and the SDK freezes what
 * they export.
 */
export function preloadedModules(): string[] {
  return ['sms-job-schema', 'validate-sms-job', 'send-decision'].map((name) => modulePath(`domain/${name}`));
}

/**
 * The same for the bundle of the build, whose runs take no stack traces: an error in workflow code
 * has a message and a run, whose history, replayed from the sources, shows the trace.
 */
export function modulesOfTheBuild(): string[] {
  return [...preloadedModules(), modulePath('workflows/no-stack-traces')];
}

/** `.ts` in the sources, `.js` once compiled. */
function modulePath(name: string): string {
  return fileURLToPath(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url));
}
