import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { UsageError } from '../../src/cli/cli-error.js';
import { confirmCount } from '../../src/cli/confirm-count.js';

/** A terminal at which somebody types this. */
function terminal(typed: string, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(typed);
  return { stdin, stderr: new PassThrough() };
}

describe('a count to confirm', () => {
  it('is asked for, and goes on where it is typed', async () => {
    const at = terminal(' 120 \n');
    await confirmCount('120 sends ended so.', 120, at);
    assert.equal(String(at.stderr.read()), '120 sends ended so. Type 120 to go on: ');
  });

  for (const typed of ['12\n', 'y\n', 'yes\n', '\n120\n', '']) {
    it(`is refused where ${JSON.stringify(typed)} is typed`, async () => {
      await assert.rejects(
        confirmCount('120 sends.', 120, terminal(typed)),
        new UsageError('Not confirmed: nothing was changed.'),
      );
    });
  }

  it('is not asked for where nobody can answer', async () => {
    const at = terminal('120\n', false);
    await assert.rejects(confirmCount('120 sends.', 120, at), /Nobody can be asked here: give --yes/);
    assert.equal(at.stderr.read(), null);
  });
});
