import assert from 'node:assert/strict';
import { closeParts } from '../../src/close-parts.js';
import { createLog } from '../../src/observability/log.js';

/** A log, and what it warned of. */
function createWarnings() {
  const warnings: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: {
      write(line) {
        const { part, msg } = JSON.parse(line) as Record<string, unknown>;
        warnings.push({ part, msg });
      },
    },
  });
  return { log, warnings };
}

const never = () => new Promise<void>(() => undefined);

describe('the parts of a process', () => {
  it('are closed, whichever of them the process has', async () => {
    const { log, warnings } = createWarnings();
    const closed: string[] = [];
    const part = (name: string) => () => Promise.resolve(closed.push(name));
    await closeParts({ one: part('one'), none: undefined, two: part('two') }, 10_000, log);
    assert.deepEqual([closed, warnings], [['one', 'two'], []]);
  });

  it('are given up when they take too long, each named in a warning', async () => {
    const { log, warnings } = createWarnings();
    let isClosed = false;
    await closeParts(
      { frozen: never, sound: () => Promise.resolve((isClosed = true)), silent: never },
      1,
      log,
    );
    assert.ok(isClosed);
    assert.deepEqual(warnings, [
      { part: 'frozen', msg: 'part was not closed in time' },
      { part: 'silent', msg: 'part was not closed in time' },
    ]);
  });

  it('may fail to close, without the words of the error', async () => {
    const { log, warnings } = createWarnings();
    const fail = () => Promise.reject(new Error('postgres://user:secret@host'));
    const failAtOnce = () => {
      throw new Error('postgres://user:secret@host');
    };
    await closeParts({ database: fail, temporal: failAtOnce }, 10_000, log);
    assert.deepEqual(warnings.map(({ part }) => part).toSorted(), ['database', 'temporal']);
    assert.ok(
      warnings.every(({ msg }) => msg === 'part could not be closed'),
      JSON.stringify(warnings),
    );
  });
});
