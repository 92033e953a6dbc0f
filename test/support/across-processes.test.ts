import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { aloneAcrossProcesses, lockPath } from './across-processes.js';

/** Longer than any process id. */
const NO_PROCESS = 2 ** 30;

describe('work that is exclusive across processes', () => {
  it('waits for its turn, and releases it after a failure', async () => {
    const name = randomUUID();
    const at: string[] = [];
    const work = async (who: string) => {
      at.push(`${who} begins`);
      await turn();
      at.push(`${who} ends`);
      if (who === 'first') throw new Error('it fails');
    };
    const first = aloneAcrossProcesses(name, () => work('first'));
    const second = aloneAcrossProcesses(name, () => work('second'));
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
