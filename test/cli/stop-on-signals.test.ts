import assert from 'node:assert/strict';
import { stopOnSignals } from '../../src/cli/stop-on-signals.js';
import { captureIo } from '../support/cli-io.js';

describe('a command that finishes its work on a signal', () => {
  for (const [name, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`stops on ${name}, and ends at once with ${exitCode} on the second`, async () => {
      const io = captureIo();
      let said = 0;
      const stop = stopOnSignals(io, () => said++);
      assert.deepEqual([stop.signal.aborted, stop.exitCode()], [false, undefined]);
      io.signals.emit(name, name);
      assert.deepEqual([stop.signal.aborted, stop.exitCode(), said], [true, exitCode, 1]);
      io.signals.emit(name, name);
      assert.equal(await io.exited, exitCode);
      assert.equal(said, 1);
    });
  }

  it('removes its signal handlers', () => {
    const io = captureIo();
    stopOnSignals(io, () => undefined).release();
    assert.deepEqual(io.signals.eventNames(), []);
  });
});
