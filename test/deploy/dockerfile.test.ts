import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readComposeFile, inRepository, readRepositoryFile } from './compose-file.js';
import { lastValue, parseDockerfile } from './parse-dockerfile.js';

describe('Dockerfile', () => {
  const stages = parseDockerfile(readRepositoryFile('Dockerfile'));
  const worker = stages.at(-1);

  it('builds on Node 24 with glibc, and on its own stages', () => {
    const names = stages.map(({ name }) => name);
    for (const { from } of stages) {
      assert.ok(names.includes(from) || /^node:24-(bookworm|trixie)-slim$/.test(from), from);
    }
  });

  it('has the targets that the Compose file builds, with the worker as the default', () => {
    assert.equal(worker?.name, 'worker');
    for (const [service, { build }] of Object.entries(readComposeFile().services)) {
      if (build)
        assert.ok(
          stages.some(({ name }) => name === build.target),
          service,
        );
    }
  });

  it('runs node itself, without a shell and not as root', () => {
    for (const name of ['worker', 'simulator']) {
      const stage = stages.find((candidate) => candidate.name === name);
      assert.equal(lastValue(stage, 'USER'), 'node', name);
      const command = [lastValue(stage, 'ENTRYPOINT'), lastValue(stage, 'CMD')].flatMap(
        (value) => JSON.parse(value ?? '[]') as string[],
      );
      assert.equal(command[0], 'node', name);
      const main = name === 'worker' ? 'dist/worker.js' : 'tools/simulator/main.ts';
      assert.ok(command.includes(main), `${name}: ${command.join(' ')}`);
    }
    assert.ok(
      worker?.instructions.some(({ keyword, value }) => keyword === 'ENV' && value === 'NODE_ENV=production'),
    );
  });

  it('installs from the lockfile and never runs install scripts', () => {
    const installs = stages.flatMap(({ instructions }) =>
      instructions.filter(({ value }) => /\bnpm (ci|i|install)\b/.test(value)).map(({ value }) => value),
    );
    assert.ok(installs.length > 0);
    for (const install of installs) assert.match(install, /\bnpm ci .*--ignore-scripts\b/);
  });

  it('ships production dependencies only', () => {
    const copies =
      worker?.instructions.filter(({ keyword }) => keyword === 'COPY').map(({ value }) => value) ?? [];
    const source = copies.find((copy) => copy.endsWith(' node_modules'))?.match(/^--from=(\S+)/)?.[1];
    const stage = stages.find(({ name }) => name === source);
    assert.ok(stage?.instructions.some(({ value }) => value.includes('npm ci --omit=dev')));
  });

  it('copies each configuration that the build of the product reads', () => {
    const scripts = [
      'scripts/build.ts',
      ...readdirSync(inRepository('scripts/build')).map((name) => `scripts/build/${name}`),
    ];
    const read = scripts.flatMap((path) => readRepositoryFile(path).match(/tsconfig(?:\.\w+)?\.json/g) ?? []);
    const build = stages.find(({ name }) => name === 'build');
    const copied = build?.instructions
      .filter(({ keyword }) => keyword === 'COPY')
      .map(({ value }) => value)
      .join(' ');
    assert.ok(read.length > 0);
    for (const name of read) assert.ok(copied?.split(' ').includes(name), name);
  });

  it('copies only files that exist and that .dockerignore lets through', () => {
    const allowed = readRepositoryFile('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(allowed.shift(), '*');
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, value }) => keyword === 'COPY' && !value.startsWith('--from='))
      .flatMap(({ value }) => value.split(/\s+/).slice(0, -1));
    assert.deepEqual([...new Set(copied)].map((path) => `!${path}`).toSorted(), allowed.toSorted());
    for (const path of copied) assert.ok(existsSync(inRepository(path)), path);
  });
});
