import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { aloneAcrossProcesses } from './across-processes.js';
import { ROOT, runNode } from './run-node.js';

let built: Promise<void> | undefined;

/**
 * Makes sure that `dist` holds what the sources say: builds it unless it is newer than all of them.
 * Where several processes ask at once, one of them builds.
 */
export function ensureBuilt(): Promise<void> {
  return (built ??= buildIfOld());
}

async function buildIfOld(): Promise<void> {
  if (isBuilt()) return;
  await aloneAcrossProcesses('build', async () => {
    if (!isBuilt()) await build();
  });
}

async function build(): Promise<void> {
  const { exitCode, stdout, stderr } = await runNode(['--import', 'tsx', 'scripts/build.ts'], {
    timeoutMs: 170_000,
  });
  if (exitCode !== 0) throw new Error(`The build failed:\n${stdout}\n${stderr}`);
}

function isBuilt(): boolean {
  return builtAt() > newestSource();
}

/** The bundle is what a build writes last. */
function builtAt(): number {
  return statSync(join(ROOT, 'dist', 'workflow-bundle.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource(): number {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('dev'))
    .map((path) => join(ROOT, 'src', path));
  const configs = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.client.json'];
  const scripts = ['build.ts', 'build/build-client.ts', 'build/reachable-files.ts'];
  const others = ['package.json'].concat(
    configs,
    scripts.map((name) => `scripts/${name}`),
  );
  return Math.max(
    ...[...sources, ...others.map((name) => join(ROOT, name))].map((path) => statSync(path).mtimeMs),
  );
}
