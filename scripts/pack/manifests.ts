import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the tarballs may be published. */
export interface Publishing {
  /**
   * The scope of the names, with its `@`.
   *
   * @default none
   */
  readonly scope?: string | undefined;
  /**
   * The registry that takes them. Without it the manifests are private, which `npm publish`
   * refuses.
   *
   * @default none
   */
  readonly registry?: string | undefined;
}

/** The content of a package.json. */
export type Manifest = Readonly<Record<string, unknown>> & { readonly name: string };

/** What of the repository's package.json the manifests are made of. */
export interface RootManifest {
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly main: string;
  readonly types: string;
  readonly typesVersions: unknown;
  readonly exports: unknown;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

/** What the client's code and types import, beside Node.js. */
const CLIENT_DEPENDENCIES = [
  '@temporalio/client',
  '@temporalio/common',
  // Comes with the other two; listed, as strict package managers show a package only what it lists.
  '@temporalio/proto',
  'libphonenumber-js',
  'zod',
];

/**
 * What only some web apps need: any version with what is called. `/policies` loads `postgres`, the
 * option `tracing` the other.
 */
const OPTIONAL_PEERS = { '@opentelemetry/api': '^1.0.0', postgres: '^3.4.0' };

/** Reads the package.json of the repository. */
export async function readRootManifest(root: string): Promise<RootManifest> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as RootManifest;
}

/** The package.json of what web apps install: the repository's entry points in `dist`. */
export function clientManifest(root: RootManifest, publishing: Publishing): Manifest {
  const { main, types, typesVersions, exports } = withoutFolder({
    main: root.main,
    types: root.types,
    typesVersions: root.typesVersions,
    exports: root.exports,
  });
  return {
    name: nameIn('durable-sms', publishing),
    version: root.version,
    description: 'Starts SMS sends on Temporal that are never lost, never sent twice, never exposed.',
    ...commonFields(root, publishing),
    type: 'commonjs',
    main,
    types,
    typesVersions,
    exports,
    sideEffects: false,
    dependencies: pick(root.dependencies, CLIENT_DEPENDENCIES),
    peerDependencies: OPTIONAL_PEERS,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(OPTIONAL_PEERS).map((name) => [name, { optional: true }]),
    ),
  };
}

/** The package.json of worker, command and codec server. */
export function workerManifest(root: RootManifest, publishing: Publishing): Manifest {
  return {
    name: nameIn('durable-sms-worker', publishing),
    version: root.version,
    description: 'The worker, the command and the codec server of durable-sms.',
    ...commonFields(root, publishing),
    type: 'module',
    bin: {
      ...root.bin,
      'durable-sms-worker': 'dist/worker.js',
      'durable-sms-codec-server': 'dist/codec-server.js',
    },
    exports: { './package.json': './package.json' },
    // npm applies the overrides of the project only: as a dependency of its own, the version
    // counts.
    dependencies: { ...root.dependencies, ...pick(root.overrides, ['@swc/core']) },
  };
}

function commonFields({ license, engines }: RootManifest, { registry }: Publishing) {
  const publishable = registry === undefined ? { private: true } : { publishConfig: { registry } };
  return { ...publishable, license, engines };
}

function nameIn(name: string, { scope }: Publishing): string {
  return scope === undefined ? name : `${scope}/${name}`;
}

/** In the tarball the CommonJS build is all of `dist`. */
function withoutFolder<T>(paths: T): T {
  return JSON.parse(JSON.stringify(paths).replaceAll('dist/commonjs/', 'dist/')) as T;
}

function pick(versions: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const version = versions[name];
      if (version === undefined) throw new Error(`package.json does not list ${name}.`);
      return [name, version];
    }),
  );
}
