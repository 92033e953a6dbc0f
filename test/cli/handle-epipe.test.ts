import assert from 'node:assert/strict';
import { createCliRun, type CliRun } from '../../src/cli/cli-run.js';
import { handleEpipe } from '../../src/cli/handle-epipe.js';
import { runCli } from '../../src/cli/run-cli.js';
import { captureIo } from '../support/cli-io.js';

/** A run, and the codes that it was ended at once with. */
function runWith(onlyReads: boolean): { cli: CliRun; exits: number[] } {
  const exits: number[] = [];
  const cli = createCliRun({ ...captureIo(), exit: (exitCode) => exits.push(exitCode) });
  handleEpipe(cli, { onlyReads });
  return { cli, exits };
}

const brokenPipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

describe('a command whose reader closes the pipe', () => {
  it('ends with its exit code so far if it only reads', () => {
    const { cli, exits } = runWith(true);
    cli.exitCode = 1;
    cli.stdout.emit('error', brokenPipe());
    assert.deepEqual(exits, [1]);
  });

  it('goes on if it changes something', () => {
    const { cli, exits } = runWith(false);
    cli.stdout.emit('error', brokenPipe());
    assert.deepEqual(exits, []);
  });

  it('says nothing if what is read is the help', async () => {
    const io = captureIo();
    assert.equal(await runCli(['--help'], io), 0);
    assert.doesNotThrow(() => io.stdout.emit('error', brokenPipe()));
  });

  it('does not swallow any other error', () => {
    const { cli } = runWith(true);
    assert.throws(() => cli.stdout.emit('error', new Error('disk full')), /disk full/);
  });
});
