import assert from 'node:assert/strict';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';

describe('waiting until', () => {
  it('returns the first value that is neither undefined nor false', async () => {
    const values = [undefined, false, 0, 'later'];
    assert.equal(await waitUntil('a value', () => values.shift(), { everyMs: 1 }), 0);
    assert.deepEqual(values, ['later']);
  });

  it('treats a probe that throws or rejects as not met yet', async () => {
    let calls = 0;
    const probe = () => {
      calls++;
      if (calls === 1) throw new Error('not yet');
      return calls === 2 ? Promise.reject(new Error('not yet')) : Promise.resolve(true);
    };
    assert.equal(await waitUntil('it', probe, { everyMs: 1 }), true);
    assert.equal(calls, 3);
  });

  it('gives up after its time-out, naming what it waited for, with the last error as the cause', async () => {
    const cause = new Error('refused');
    const waited = waitUntil('the moon', () => Promise.reject(cause), { timeoutMs: 20, everyMs: 1 });
    await assert.rejects(waited, { message: 'Timed out after 0.02 s, waiting for: the moon.', cause });
  });

  it('forgets an error that a later probe did not meet', async () => {
    let calls = 0;
    const probe = () => {
      if (calls++ === 0) throw new Error('at first');
      return undefined;
    };
    const waited = waitUntil('the moon', probe, { timeoutMs: 50, everyMs: 1 });
    await assert.rejects(waited, (error: Error) => error.cause === undefined);
  });

  it('gives up at once when there is nothing left to wait for', async () => {
    let calls = 0;
    const hopeless = new HopelessError('it ended');
    const waited = waitUntil('it', () => {
      calls++;
      throw hopeless;
    });
    await assert.rejects(waited, hopeless);
    assert.equal(calls, 1);
  });
});
