import assert from 'node:assert/strict';
import { logChanges } from '../../src/worker/log-changes.js';
import { NotWellError, startHealthServer, type Failures } from '../../src/worker/health-server.js';
import { SmsError } from '../../src/errors.js';

/** What is written to a log, in order. */
function createLines() {
  const lines: unknown[] = [];
  const tell = logChanges(
    {
      info: (line: unknown) => void lines.push(line),
      warn: (fields: unknown, line?: string) => void lines.push([line, fields]),
    },
    { well: 'ready', ill: 'not ready' },
  );
  return { lines, tell };
}

describe('changes of readiness', () => {
  const away = { database: 'nothing listens on the address' };

  it('are logged once each, with the reason of each failed check', () => {
    const { lines, tell } = createLines();
    for (const failures of [{}, {}, away, away, { ...away, temporal: 'away' }, away, {}, {}]) tell(failures);
    assert.deepEqual(lines, [
      'ready',
      ['not ready', { failed: away }],
      ['not ready', { failed: { database: away.database, temporal: 'away' } }],
      ['not ready', { failed: away }],
      'ready',
    ]);
  });

  it('are not repeated when only the reason, or the order, is another', () => {
    const { lines, tell } = createLines();
    tell({ temporal: 'away', ...away });
    tell({ database: 'the connection was lost', temporal: 'away' });
    assert.equal(lines.length, 1);
  });
});

describe('the reasons that a probe reports', () => {
  async function report(checks: Record<string, () => unknown>): Promise<Failures[]> {
    const failures: Failures[] = [];
    const server = await startHealthServer({
      address: '127.0.0.1:0',
      live: {},
      ready: checks,
      onReady: (found) => failures.push(found),
    });
    await fetch(`http://127.0.0.1:${server.port}/readyz`);
    await server.close();
    return failures;
  }

  const failWith = (error: Error) => () => Promise.reject(error);

  it('are the words of our own errors', async () => {
    const checks = {
      worker: failWith(new NotWellError('the worker does not poll (draining)')),
      database: failWith(new SmsError('DATABASE_UNAVAILABLE', { message: 'PostgreSQL could not be read.' })),
      temporal: () => undefined,
    };
    assert.deepEqual(await report(checks), [
      { worker: 'the worker does not poll (draining)', database: 'PostgreSQL could not be read.' },
    ]);
  });

  it('are not the words of anything else', async () => {
    const checks = { database: failWith(new Error('postgres://user:secret@host')) };
    assert.deepEqual(await report(checks), [{ database: 'unexpected error' }]);
  });

  it('come from the latest probe: one that was overtaken reports nothing', async () => {
    const failures: Failures[] = [];
    const turns: (() => void)[] = [];
    const server = await startHealthServer({
      address: '127.0.0.1:0',
      live: {},
      ready: {
        database: () =>
          new Promise<void>((_, reject) =>
            turns.push(() => {
              reject(new NotWellError('away'));
            }),
          ),
      },
      onReady: (found) => failures.push(found),
    });
    const ask = () => fetch(`http://127.0.0.1:${server.port}/readyz`);
    const first = ask();
    const second = ask();
    while (turns.length < 2) await new Promise((resolve) => setImmediate(resolve));
    turns[1]?.();
    await Promise.race([first, second]);
    turns[0]?.();
    await Promise.all([first, second]);
    assert.deepEqual(failures, [{ database: 'away' }]);
    await server.close();
  });
});
