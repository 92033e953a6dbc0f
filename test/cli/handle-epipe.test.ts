import assert from 'node:assert/strict';
import { createCliRun, type CliRun } from '../../src/cli/cli-run.js';
import { handleEpipe } from '../../src/cli/handle-epipe.js';
import { captureIo } from '../support/cli-io.js';

/** A run, and the codes that it was ended at once with. */
function runWith(onlyReads: boolean): { cli: CliRun; exits: number[] } {
  const exits: number[] = [];
  const cli = createCliRun({ ...captureIo(), exit: (exitCode) => exits.push(exitCode) });
  handleEpipe(cli, { onlyReads });
  return { cli, exits };
}

const brokenPipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

describe('a command whose reader has seen enough', () => {
  it('ends with the exit code that it has so far, where it only reads', () => {
    const { cli, exits } = runWith(true);
    cli.exitCode = 1;
    cli.stdout.emit('error', brokenPipe());
    assert.deepEqual(exits, [1]);
  });

  it('goes on where it changes something', () => {
    const { cli, exits } = runWith(false);
    cli.stdout.emit('error', brokenPipe());
    assert.deepEqual(exits, []);
  });

  it('does not pass over another error', () => {
    const { cli } = runWith(true);
    assert.throws(() => cli.stdout.emit('error', new Error('disk full')), /disk full/);
  });
});
