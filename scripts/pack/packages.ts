import {
  clientManifest,
  workerManifest,
  type Manifest,
  type Publishing,
  type RootManifest,
} from './manifests.js';

/** One of the packages that are made from this source tree. */
export interface PackageSource {
  readonly manifest: (root: RootManifest, publishing: Publishing) => Manifest;
  /** Its README, a path from the repository's root. */
  readonly readme: string;
  /** Which part of the build it is, and what of that is left out. */
  readonly build: { readonly folder: string; readonly leftOut: RegExp };
  /** What it holds besides, under the same paths as the repository. */
  readonly files: readonly string[];
}

const documents = (...names: readonly string[]) => names.map((name) => `docs/${name}.md`);

/** What both READMEs lead to. */
const COMMON_FILES = [
  'CHANGELOG.md',
  ...documents(
    'install',
    'errors',
    'unknown-outcomes',
    'limits',
    'glossary',
    'secrecy',
    'client',
    'policies',
  ),
];

/** What a web app installs. */
export const CLIENT_PACKAGE: PackageSource = {
  manifest: clientManifest,
  readme: 'scripts/pack/client-readme.md',
  // The manifest says that it is CommonJS.
  build: { folder: 'dist/commonjs', leftOut: /^package\.json$/ },
  files: COMMON_FILES,
};

/** What the machine of a worker installs. */
export const WORKER_PACKAGE: PackageSource = {
  manifest: workerManifest,
  readme: 'scripts/pack/worker-readme.md',
  // Nobody imports it, so it needs no types.
  build: { folder: 'dist', leftOut: /^commonjs|\.d\.ts$/ },
  files: [
    ...COMMON_FILES,
    ...documents('production', 'runbook', 'cli', 'web-ui', 'codec-server', 'observability'),
    ...documents('database', 'rotate-keys', 'versioning'),
    '.env.example',
    'ops/grafana/durable-sms.json',
    'ops/prometheus/alerts.yml',
    'src/db/least-privilege-role.sql',
  ],
};

/** All of them. */
export const PACKAGES = [CLIENT_PACKAGE, WORKER_PACKAGE];
