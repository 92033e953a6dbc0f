import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { toolEnvironment } from '../../tools/servers/isolated-environment.js';
import { ROOT, runNode } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';
import { inRepository, readRepositoryFile } from './compose-file.js';

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
}
interface LockedPackage {
  readonly version: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly alg: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const packageJson = JSON.parse(readRepositoryFile('package.json')) as PackageJson;
const locked = Object.entries(
  (JSON.parse(readRepositoryFile('package-lock.json')) as { packages: Record<string, LockedPackage> })
    .packages,
);
const nameOf = (location: string) => location.replace(/^.*node_modules\//, '');

describe('install scripts', () => {
  const withScript = new Set(
    locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([location]) => nameOf(location)),
  );
  /** The rows of the table in the documentation: package → allowed. */
  const documented = new Map(
    readRepositoryFile('docs/supply-chain.md')
      .split('\n')
      .flatMap((line) => {
        const [, names = '', allowed] = /^\| ((?:`[^`]+`(?:, )?)+) +\|.*\| (yes|no) +\|/.exec(line) ?? [];
        return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, allowed === 'yes'] as const);
      }),
  );

  it('are decided in package.json, one entry per package of the lockfile that has one', () => {
    assert.deepEqual(Object.keys(packageJson.allowScripts).toSorted(), [...withScript].toSorted());
  });

  it('are explained in the documentation, each with the decision of package.json', () => {
    assert.deepEqual(Object.fromEntries(documented), packageJson.allowScripts);
  });

  it('match the documented table in the installed packages', async () => {
    const selector = ['preinstall', 'install', 'postinstall']
      .map((event) => `:attr(scripts, [${event}])`)
      .join(', ');
    const { stdout } = await execa('npm', ['query', selector], {
      cwd: ROOT,
      env: toolEnvironment(),
      extendEnv: false,
    });
    const installed = (JSON.parse(stdout) as { location: string }[]).map(({ location }) => nameOf(location));
    const expected = [...withScript].filter((name) =>
      locked.some(([location]) => nameOf(location) === name && existsSync(inRepository(location))),
    );
    assert.deepEqual([...new Set(installed)].toSorted(), expected.toSorted());
    assert.ok(expected.length > 0);
  });

  it('run for development packages only', () => {
    const allowed = locked.filter(([location]) => packageJson.allowScripts[nameOf(location)]);
    assert.ok(allowed.length > 0);
    for (const [location, { dev }] of allowed) assert.ok(dev, location);
  });
});

describe('npm run sbom', () => {
  let bom: Bom;
  let text: string;
  before(async () => {
    const path = join(await makeDirectory('sbom'), 'sbom.cdx.json');
    const { exitCode, stderr } = await runNode(['--import', 'tsx', 'scripts/sbom.ts', path]);
    assert.equal(exitCode, 0, stderr);
    text = await readFile(path, 'utf8');
    bom = JSON.parse(text) as Bom;
  });

  it('writes CycloneDX about this package', () => {
    assert.equal(bom.bomFormat, 'CycloneDX');
    assert.match(bom.specVersion, /^1\.\d$/);
    const { name, version } = bom.metadata.component;
    assert.deepEqual({ name, version }, { name: packageJson.name, version: packageJson.version });
  });

  it('lists every production dependency in the version of the lockfile, with its digest', () => {
    for (const name of Object.keys(packageJson.dependencies)) {
      const version = locked.find(([location]) => location === `node_modules/${name}`)?.[1].version;
      const component = bom.components.find((other) => other.name === name && other.version === version);
      assert.ok(component, `${name} ${version ?? '?'}`);
      assert.equal(component.hashes?.[0]?.alg, 'SHA-512', name);
      assert.ok(component.purl.startsWith('pkg:npm/'), component.purl);
    }
  });

  it('lists every installed production package, and no development package', () => {
    const production = locked.filter(([location, { dev }]) => location !== '' && dev !== true);
    const identities = production.map(([location, { version }]) => `${nameOf(location)} ${version}`);
    const listed = bom.components.map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual([...new Set(listed)].toSorted(), [...new Set(identities)].toSorted());
  });

  it('lists the dependencies between its packages', () => {
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    const worker = bom.dependencies.find(({ ref }) => ref.startsWith('@temporalio/worker@'));
    assert.ok(worker?.dependsOn.some((ref) => ref.startsWith('@temporalio/core-bridge@')));
    for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
  });

  it('holds no trace of where it was made', () => {
    assert.doesNotMatch(text, /"distribution"/);
    for (const trace of [ROOT, ROOT.replace(/\/$/, ''), homedir(), 'file:'])
      assert.ok(!text.includes(trace), trace);
  });
});
