import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, runNode } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

describe('npm ci --omit=dev', () => {
  let checkout: string;
  before(async () => {
    checkout = await makeDirectory('checkout');
    await mkdir(join(checkout, 'scripts'));
    await copyFile(join(ROOT, 'scripts', 'prepare.mjs'), join(checkout, 'scripts', 'prepare.mjs'));
  });

  const prepare = () => runNode(['scripts/prepare.mjs'], { cwd: checkout });

  it('succeeds, and says that it does not build and what to do', async () => {
    const { exitCode, stdout, stderr } = await prepare();
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /dist\/ is not built.* Run `npm ci` before `npm ci --omit=dev`/);
    assert.equal(stdout.trim().split('\n').length, 1);
  });

  it('keeps what was built before', async () => {
    await mkdir(join(checkout, 'dist'));
    await writeFile(join(checkout, 'dist', 'worker.js'), '');
    const { exitCode, stdout, stderr } = await prepare();
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /dist\/ stays as it was built/);
  });
});
