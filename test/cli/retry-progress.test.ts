import assert from 'node:assert/strict';
import type { WriteStream } from 'node:tty';
import { PassThrough } from 'node:stream';
import { startRetryProgress } from '../../src/cli/retry/retry-progress.js';

/** A stream that is taken for standard error, and what was written to it. */
function standardError(isTTY: boolean) {
  const written: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const like = Object.assign(stream, {
    isTTY,
    columns: 80,
    rows: 24,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  return { stream: like as unknown as WriteStream, text: () => written.join('') };
}

describe('the progress of a bulk retry', () => {
  it('is a bar on a terminal', () => {
    const { stream, text } = standardError(true);
    const progress = startRetryProgress(3, stream);
    for (let done = 0; done < 3; done++) progress.step();
    progress.stop();
    assert.match(text(), /\[=+\] 100% \| 3 of 3 sends/);
  });

  it('is a line per hundred sends elsewhere', () => {
    const { stream, text } = standardError(false);
    const progress = startRetryProgress(250, stream);
    for (let done = 0; done < 250; done++) progress.step();
    progress.stop();
    assert.equal(text(), '100 of 250 sends\n200 of 250 sends\n');
  });
});
