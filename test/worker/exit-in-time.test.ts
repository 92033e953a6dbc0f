import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { exitInTime } from '../../src/exit-in-time.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

/** A process that only notes its end, and what is logged. */
function createEnding() {
  const signals = new EventEmitter();
  const exits: (number | undefined)[] = [];
  const lines: string[] = [];
  const ending = {
    on: (signal: string, listener: () => void) => signals.on(signal, listener),
    off: (signal: string, listener: () => void) => signals.off(signal, listener),
    exit: (code?: number) => void exits.push(code),
  };
  const log = {
    error: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
  };
  const listeners = () => signals.listenerCount('SIGTERM') + signals.listenerCount('SIGINT');
  return { signals, exits, lines, listeners, options: { ending, log } };
}

describe('the end of a process', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`comes with a line and exit code 1 when its work lasts too long after ${signal}`, async () => {
      const { signals, exits, lines, listeners, options } = createEnding();
      exitInTime({ limitMs: 10, ...options });
      assert.equal(listeners(), 2);
      signals.emit(signal);
      assert.equal(listeners(), 0, 'a second signal ends the process, as without a listener');
      await waitUntil('the end', () => exits.length > 0);
      assert.deepEqual(exits, [1]);
      assert.match(lines.join(), /^did not stop within 0\.01 s of the signal: exiting with work unfinished$/);
    });
  }

  it('has its whole time ahead before a signal', () => {
    const { options } = createEnding();
    assert.equal(exitInTime({ limitMs: 5, ...options }).remainingMs(), 5);
  });

  it('comes with a line soon after the work is done, if something is still open', async () => {
    const { exits, lines, options } = createEnding();
    exitInTime({ limitMs: 60_000, ...options }).done();
    await waitUntil('the end', () => exits.length > 0);
    assert.deepEqual([exits, lines], [[undefined], ['something is still open: exiting without it']]);
  });

  it('leaves less and less time after a signal', async () => {
    const { signals, options } = createEnding();
    const { remainingMs } = exitInTime({ limitMs: 60_000, ...options });
    signals.emit('SIGTERM');
    await waitUntil('time to pass', () => remainingMs() < 60_000);
    assert.ok(remainingMs() > 0);
  });
});
