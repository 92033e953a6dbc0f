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
  for (const typed of ['120\n', ' 120 \n']) {
    it(`is asked for, and accepted when ${JSON.stringify(typed)} is typed`, async () => {
      const at = terminal(typed);
      await confirmCount('120 sends ended so.', 120, at);
      assert.equal(String(at.stderr.read()), '120 sends ended so. Type 120 to continue: ');
    });
  }

  for (const typed of ['12\n', '1200\n', 'y\n', 'yes\n', '\n', '\n120\n', '']) {
    it(`is refused when ${JSON.stringify(typed)} is typed`, async () => {
      const at = terminal(typed);
      await assert.rejects(
        confirmCount('120 sends.', 120, at),
        new UsageError('Not confirmed. Nothing was changed.'),
      );
      assert.match(String(at.stderr.read()), /Type 120 to continue: $/);
    });
  }

  it('is not asked for without a terminal', async () => {
    const at = terminal('120\n', false);
    await assert.rejects(confirmCount('120 sends.', 120, at), /Standard input is not a terminal: pass --yes/);
    assert.equal(at.stderr.read(), null);
  });
});
