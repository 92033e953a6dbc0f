import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { aloneAcrossProcesses, lockPath } from './across-processes.js';

/** Longer than any process id. */
const NO_PROCESS = 2 ** 30;

describe('work that is exclusive across processes', () => {
  it('waits for its turn, and releases it after a failure', async () => {
    const name = randomUUID();
    const at: string[] = [];
    let second: Promise<void> | undefined;
    const first = aloneAcrossProcesses(name, async () => {
      at.push('first begins');
      // The second asks while the first has its turn: whichever asks first otherwise is chance.
      second = aloneAcrossProcesses(name, async () => {
        at.push('second begins');
        await turn();
        at.push('second ends');
      });
      await wait(50);
      at.push('first ends');
      throw new Error('it fails');
    });
    await assert.rejects(first, /it fails/);
    await second;
    assert.deepEqual(at, ['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('does not wait for a process that has died', async () => {
    const name = randomUUID();
    await writeFile(lockPath(name), String(NO_PROCESS));
    assert.equal(await aloneAcrossProcesses(name, () => Promise.resolve('done')), 'done');
  });
});
