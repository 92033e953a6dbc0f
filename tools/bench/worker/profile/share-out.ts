import type { BundleModules } from './bundle-modules.js';
import { ownerOf, type CallFrame, type Owner } from './owner-of.js';

/**
 * A profile as V8 writes it (Chrome DevTools Protocol, "Profiler.Profile"); times in microseconds.
 */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where the CPU time went. */
export interface CpuShares {
  /** All threads together, without the time in which they waited, in milliseconds. */
  readonly busyMs: number;
  /** Of 1, by whose code was running; the largest first. */
  readonly owners: readonly { readonly owner: Owner; readonly share: number }[];
  /** The same by function; the 15 largest. */
  readonly functions: readonly { readonly name: string; readonly owner: Owner; readonly share: number }[];
}

const SHOWN_FUNCTIONS = 15;

/** Shares out the time of all samples: each to the function that was running. */
export function shareOut(profiles: readonly CpuProfile[], moduleAt: BundleModules): CpuShares {
  const byOwner = new Map<Owner, number>();
  const byFunction = new Map<string, { owner: Owner; us: number }>();
  let busyUs = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    samples.forEach((id, index) => {
      const frame = frames.get(id);
      const us = timeDeltas[index] ?? 0;
      if (frame === undefined || frame.functionName === '(idle)') return;
      busyUs += us;
      const owner = ownerOf(frame, moduleAt);
      byOwner.set(owner, (byOwner.get(owner) ?? 0) + us);
      const name = nameOf(frame);
      const entry = byFunction.get(name) ?? { owner, us: 0 };
      entry.us += us;
      byFunction.set(name, entry);
    });
  }
  const largestFirst = <T extends { share: number }>(entries: T[]) =>
    entries.sort((a, b) => b.share - a.share);
  return {
    busyMs: busyUs / 1000,
    owners: largestFirst([...byOwner].map(([owner, us]) => ({ owner, share: us / busyUs }))),
    functions: largestFirst(
      [...byFunction].map(([name, { owner, us }]) => ({ name, owner, share: us / busyUs })),
    ).slice(0, SHOWN_FUNCTIONS),
  };
}

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, 'dist/');
  return `${functionName === '' ? '(anonymous)' : functionName} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`.trim();
}
