import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { startDemo } from '../support/demo.js';

/** What the demo says on its way, one moment for each signal. */
const MOMENTS = [
  ['while the database is made', /^Starting the services/m],
  ['while Temporal starts', /PostgreSQL: ready/],
  ['while the worker starts', /Temporal: ready/],
  ['while it sends', /Worker: polling/],
] as const;

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The exit code that a shell shows. */
function codeInShell(end: number | NodeJS.Signals): number {
  return typeof end === 'number' ? end : 128 + constants.signals[end];
}

describe('demo, ended early', function () {
  this.timeout('6 minutes');
  for (const [moment, pattern] of MOMENTS) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      it(`leaves nothing behind after ${signal} ${moment}`, async () => {
        const demo = await startDemo();
        await demo.until(pattern);
        demo.process.child.kill(signal);
        const end = await demo.process.ended;
        await demo.leavesNothing();
        assert.equal(codeInShell(end), CODES[signal], demo.output());
      });
    }

    it(`leaves nothing behind after SIGKILL ${moment}`, async () => {
      const demo = await startDemo();
      await demo.until(pattern);
      demo.process.child.kill('SIGKILL');
      assert.equal(await demo.process.ended, 'SIGKILL');
      await demo.leavesNothing();
    });
  }

  it('leaves nothing behind after a second SIGINT right after the first', async () => {
    const demo = await startDemo();
    await demo.until(/Temporal: ready/);
    demo.process.child.kill('SIGINT');
    demo.process.child.kill('SIGINT');
    await demo.process.ended;
    await demo.leavesNothing();
  });
});
