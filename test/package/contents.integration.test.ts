import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { execa } from 'execa';
import { reachableFiles } from '../../scripts/build/reachable-files.js';
import type { PackedPackage } from '../../scripts/pack/pack-package.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { anchorsOf, linksOf, pathsOf } from '../docs/markdown.js';
import { ROOT } from '../support/run-node.js';
import { digestOf, entriesOf, packBoth, packClient, readManifest } from './packed.js';

/** `@temporalio/common/lib/time.js` → `@temporalio/common`. */
const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

/** The packages that compiled files import. */
function packagesOf(entries: readonly string[], ending: '.js' | '.d.ts'): string[] {
  const { imports } = reachableFiles(entries, ending);
  return [...new Set(imports.filter((name) => !isBuiltin(name)).map(packageOf))].toSorted();
}

/** The links of a packed document that lead nowhere. */
async function deadLinksOf({ folder, files }: PackedPackage, place: string): Promise<string[]> {
  const text = await readFile(join(folder, place), 'utf8');
  const isDead = async (target: string) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? place : normalize(join(dirname(place), path));
    if (!files.includes(file)) return true;
    return anchor !== undefined && !anchorsOf(await readFile(join(folder, file), 'utf8')).includes(anchor);
  };
  const targets = linksOf(text);
  const dead = await Promise.all(targets.map(isDead));
  return targets.filter((_, index) => dead[index]);
}

async function runTool(name: string, args: readonly string[]): Promise<string> {
  const { all, exitCode } = await execa(name, args, {
    preferLocal: true,
    localDir: ROOT,
    env: childEnvironment(),
    extendEnv: false,
    reject: false,
    all: true,
  });
  return exitCode === 0 ? '' : all;
}

describe('the tarballs', () => {
  let client: PackedPackage;
  let worker: PackedPackage;
  before(async function () {
    this.timeout(300_000);
    ({ client, worker } = await packBoth());
  });

  it('depend on what they import, and on nothing that they do not', async () => {
    const entries = await entriesOf(client);
    const { dependencies, peerDependencies = {} } = await readManifest(client);
    const listed = [Object.keys(dependencies), Object.keys(peerDependencies)].flat();
    assert.deepEqual(packagesOf(entries, '.js'), listed.toSorted());
    for (const name of packagesOf(entries, '.d.ts')) assert.ok(name in dependencies, name);
    const policies = join(client.folder, 'dist', 'policies-client');
    const others = entries.filter((entry) => entry !== policies);
    assert.ok(!packagesOf(others, '.js').includes('postgres'), 'the client works without PostgreSQL');
    assert.deepEqual(packagesOf([policies], '.js'), ['libphonenumber-js', 'postgres', 'zod']);

    const processes = ['worker', 'cli', 'codec-server'].map((name) => join(worker.folder, 'dist', name));
    const { dependencies: ofWorker } = await readManifest(worker);
    for (const name of packagesOf(processes, '.js')) assert.ok(name in ofWorker, name);
  });

  it('count segments without Node.js and without a dependency', () => {
    const { imports } = reachableFiles([join(client.folder, 'dist', 'text')], '.js');
    assert.deepEqual(imports, []);
  });

  it('hold no code of the client that is never loaded', async () => {
    const entries = await entriesOf(client);
    for (const ending of ['.js', '.d.ts'] as const) {
      const packed = client.files.filter((path) => path.endsWith(ending));
      const reached = reachableFiles(entries, ending).files.map((path) =>
        path.slice(client.folder.length + 1),
      );
      assert.deepEqual(packed.toSorted(), reached);
    }
  });

  it('hold every file that their documents name, with links that lead somewhere', async () => {
    for (const packed of [client, worker]) {
      for (const place of packed.files.filter((path) => path.endsWith('.md')))
        assert.deepEqual(await deadLinksOf(packed, place), [], `${packed.name}: ${place}`);
      const readme = await readFile(join(packed.folder, 'README.md'), 'utf8');
      for (const path of pathsOf(readme)) assert.ok(packed.files.includes(path), `${packed.name}: ${path}`);
    }
  });

  it('hold every file that their package.json names', async () => {
    for (const packed of [client, worker]) {
      const text = await readFile(join(packed.folder, 'package.json'), 'utf8');
      const named = [...text.matchAll(/"(?:\.\/)?(dist\/[^"]+|package\.json)"/g)].map(
        ([, path = '']) => path,
      );
      assert.ok(named.length > 0);
      for (const path of named) assert.ok(packed.files.includes(path), `${packed.name}: ${path}`);
    }
  });

  it('have commands that node runs', async () => {
    const { bin = {} } = await readManifest(worker);
    assert.deepEqual(Object.keys(bin), [
      'durable-sms',
      'sms',
      'durable-sms-worker',
      'durable-sms-codec-server',
    ]);
    for (const path of Object.values(bin)) {
      const code = await readFile(join(worker.folder, path), 'utf8');
      assert.ok(code.startsWith('#!/usr/bin/env node\n'), path);
    }
  });

  it('satisfy publint', async () => {
    for (const { path } of [client, worker]) assert.equal(await runTool('publint', [path, '--strict']), '');
  });

  it('have types for every way in which TypeScript finds packages', async () => {
    assert.equal(await runTool('attw', [client.path, '--no-color', '--no-emoji']), '');
  });

  it('are the same whenever they are made', async () => {
    assert.equal(await digestOf((await packClient()).path), await digestOf(client.path));
  });

  it('cannot be published, unless a registry was named', async () => {
    for (const packed of [client, worker]) assert.equal((await readManifest(packed)).private, true);
    const registry = 'https://npm.acme.example/';
    const packed = await packClient({ scope: '@acme', registry });
    const manifest = await readManifest(packed);
    assert.equal(manifest.name, '@acme/durable-sms');
    assert.equal(manifest.private, undefined);
    assert.deepEqual(manifest.publishConfig, { registry });
    assert.match(packed.path, /\/acme-durable-sms-[\d.]+\.tgz$/);
  });
});
