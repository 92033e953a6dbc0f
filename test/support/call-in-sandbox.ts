import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { runInContext } from 'node:vm';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/** What a process of this script is asked on its standard input. */
export interface SandboxCalls {
  readonly bundlePath: string;
  /** Functions that modules of the bundle export, called one after the other. */
  readonly calls: readonly {
    readonly module: string;
    readonly name: string;
    readonly args: readonly unknown[];
  }[];
}

/** What it answers on its standard output. */
export interface SandboxOutcomes {
  /** The error as text, or the result as JSON. */
  readonly outcomes: readonly string[];
  readonly stackTraceLimit: number;
}

/**
 * The sandbox of a worker: what all its runs share is loaded into it, then frozen, by the SDK
 * itself.
 */
class Sandbox extends ReusableVMWorkflowCreator {
  evaluate(code: string): unknown {
    return runInContext(code, this.context);
  }
}

const { bundlePath, calls } = JSON.parse(await text(process.stdin)) as SandboxCalls;
const code = await readFile(bundlePath, 'utf8');
const sourceMap = { version: 3, file: '', sources: [], names: [], mappings: '' };
const sandbox = await Sandbox.create({ code, filename: bundlePath, sourceMap }, 10_000, new Set());
const answer: SandboxOutcomes = {
  // There is no run yet, so that only shared modules are in the cache.
  outcomes: calls.map(({ module, name, args }) => {
    try {
      const place = `__webpack_module_cache__[${JSON.stringify(module)}].exports.${name}`;
      return String(sandbox.evaluate(`JSON.stringify(${place}(...${JSON.stringify(args)}))`));
    } catch (error) {
      return String(error);
    }
  }),
  stackTraceLimit: Number(sandbox.evaluate('Error.stackTraceLimit')),
};
process.stdout.write(JSON.stringify(answer));
await sandbox.destroy();
