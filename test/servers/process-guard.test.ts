import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createDataDirectory } from '../../tools/servers/dev-directories.js';
import { createProcessGuard, type ProcessGuard } from '../../tools/servers/process-guard.js';

describe('process guard', function () {
  this.timeout('2 minutes');

  it('removes a directory in which somebody still writes', async () => {
    const guard = createProcessGuard();
    const directory = await createDataDirectory(guard);
    guard.close();
    const writesUntil = Date.now() + 3_000;
    for (let file = 0; existsSync(directory); file++) {
      assert.ok(Date.now() < writesUntil + 60_000, 'the directory is left');
      if (Date.now() < writesUntil) write(join(directory, String(file)));
      await nextTurn();
    }
  });

  it('hears of a directory before it exists', async () => {
    const seen: boolean[] = [];
    const guard: ProcessGuard = {
      ...NO_GUARD,
      removeDirectory: (path) => seen.push(existsSync(path)),
    };
    const real = createProcessGuard();
    real.removeDirectory(await createDataDirectory(guard));
    real.close();
    assert.deepEqual(seen, [false]);
  });
});

const NO_GUARD: ProcessGuard = {
  watch: () => undefined,
  unwatch: () => undefined,
  removeDirectory: () => undefined,
  close: () => undefined,
};

/** Writes a file, unless its directory has gone meanwhile. */
function write(path: string): void {
  try {
    writeFileSync(path, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
