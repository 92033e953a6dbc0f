import assert from 'node:assert/strict';
import { createCleanUp } from '../../tools/servers/clean-up.js';

describe('clean-up', () => {
  it('undoes its steps one after the other, the last one first', async () => {
    const done: string[] = [];
    const cleanUp = createCleanUp(() => assert.fail('nothing fails'));
    cleanUp.add(() => done.push('first'));
    cleanUp.add(async () => {
      await Promise.resolve();
      done.push('second');
    });
    cleanUp.add(() => done.push('third'));
    await cleanUp.run();
    assert.deepEqual(done, ['third', 'second', 'first']);
  });

  it('goes on after a step that throws or rejects, and reports it', async () => {
    const done: string[] = [];
    const errors: unknown[] = [];
    const cleanUp = createCleanUp((error) => errors.push(error));
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    cleanUp.add(() => done.push('first'));
    cleanUp.add(() => Promise.reject(rejected));
    cleanUp.add(() => {
      throw thrown;
    });
    await cleanUp.run();
    assert.deepEqual(done, ['first']);
    assert.deepEqual(errors, [thrown, rejected]);
  });

  it('runs once, however often it is called', async () => {
    let runs = 0;
    const cleanUp = createCleanUp(() => assert.fail('nothing fails'));
    cleanUp.add(() => runs++);
    await Promise.all([cleanUp.run(), cleanUp.run()]);
    await cleanUp.run();
    assert.equal(runs, 1);
  });

  it('also undoes what is added while it runs', async () => {
    const done: string[] = [];
    const cleanUp = createCleanUp(() => assert.fail('nothing fails'));
    cleanUp.add(() => {
      cleanUp.add(() => done.push('added'));
    });
    await cleanUp.run();
    assert.deepEqual(done, ['added']);
  });
});
