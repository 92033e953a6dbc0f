import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ROOT } from '../support/run-node.js';
import { findTests, laneOf, LANES } from './lanes.js';

describe('lanes', () => {
  it('are read from the end of a file name', () => {
    assert.equal(laneOf('test/domain/errors.test.ts'), 'unit');
    assert.equal(laneOf('test/cli/list.integration.test.ts'), 'integration');
    assert.equal(laneOf('test/chaos/chaos.slow.test.ts'), 'slow');
    assert.equal(laneOf('test/support/cli.ts'), undefined);
  });

  for (const name of ['a.sloww.test.ts', 'a.unit.test.ts', 'a.slow.integration.test.ts']) {
    it(`refuse ${name}, which names no lane`, () => {
      assert.throws(() => laneOf(`test/${name}`), /is in no lane: its name must end in one of/);
    });
  }

  it('contain every test file exactly once', async () => {
    const all = (await readdir(join(ROOT, 'test'), { recursive: true }))
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => `test/${path}`);
    const inLanes = (await Promise.all(LANES.map((lane) => findTests([lane])))).flat();
    assert.deepEqual(inLanes.toSorted(), all.toSorted());
    assert.equal(new Set(inLanes).size, inLanes.length);
  });
});

describe('support files', () => {
  it('each have a unique name', async () => {
    const names = (await readdir(join(ROOT, 'test'), { recursive: true }))
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => basename(path));
    const repeated = names.filter((name, index) => names.indexOf(name) !== index);
    assert.deepEqual(repeated, []);
  });
});
