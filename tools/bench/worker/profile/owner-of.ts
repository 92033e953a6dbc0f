import type { BundleModules } from './bundle-modules.js';

/** A place in the code, as V8 reports it; lines count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Whose code is running. */
export type Owner =
  | 'our own code'
  | 'entering the workflow sandbox (node:vm)'
  | 'Temporal SDK: stack traces of promises'
  | 'Temporal SDK'
  | 'rxjs, in the Temporal SDK'
  | 'Protocol Buffers, in the Temporal SDK'
  | 'PostgreSQL driver'
  | 'zod'
  | 'fetch (undici, in Node)'
  | 'Node'
  | 'loading modules'
  | 'garbage collection'
  | 'native code'
  | 'other packages';

/** By the path of a file or the name of a bundled module; the first that fits. */
const BY_PATH: readonly (readonly [RegExp, Owner])[] = [
  [
    /node_modules\/@temporalio\/worker\/lib\/workflow\/vm-shared|source-map/,
    'Temporal SDK: stack traces of promises',
  ],
  [/node_modules\/(?:protobufjs|long|@temporalio\/proto)\//, 'Protocol Buffers, in the Temporal SDK'],
  [/node_modules\/@temporalio\//, 'Temporal SDK'],
  [/node_modules\/rxjs\//, 'rxjs, in the Temporal SDK'],
  [/node_modules\/(?:postgres|drizzle-orm)\//, 'PostgreSQL driver'],
  [/node_modules\/zod\//, 'zod'],
  [/node_modules\//, 'other packages'],
  [/^node:internal\/deps\/undici/, 'fetch (undici, in Node)'],
  [/^node:internal\/modules/, 'loading modules'],
  [/^node:/, 'Node'],
  [/(?:^|\/)dist\//, 'our own code'],
  [/^evalmachine|^wasm:/, 'Temporal SDK'],
];

const BY_NAME: Readonly<Record<string, Owner>> = {
  '(garbage collector)': 'garbage collection',
  runInContext: 'entering the workflow sandbox (node:vm)',
};

/** Whose code a sample has found running. */
export function ownerOf({ functionName, url, lineNumber }: CallFrame, moduleAt: BundleModules): Owner {
  const isBundle = url.endsWith('workflow-bundle.js');
  // What webpack adds to a bundle runs for the SDK, which made it.
  const path = isBundle ? (moduleAt(lineNumber) ?? 'node_modules/@temporalio/') : url;
  if (path === '') return BY_NAME[functionName] ?? 'native code';
  return BY_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? 'native code';
}
