import assert from 'node:assert/strict';
import { execa } from 'execa';
import { runCli } from '../../src/cli/run-cli.js';
import { captureIo } from '../support/cli-io.js';

/** What bash offers after these words, the last of which is being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const io = captureIo();
  assert.equal(await runCli(['completion', 'bash'], io), 0);
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${io.written.stdout}
    COMP_WORDS=(durable-sms ${quoted}); COMP_CWORD=${words.length}; _durable_sms; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['--norc', '-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('durable-sms completion', () => {
  it('offers commands', async () => {
    assert.deepEqual(await complete('re'), ['resolve', 'retry']);
    assert.deepEqual(await complete('accounts', 'set'), ['set-key']);
  });

  it('offers the options of a command, also after its arguments', async () => {
    assert.deepEqual(await complete('status', '--j'), ['--json']);
    assert.deepEqual(await complete('status', 'sms-a-lead-42', '--j'), ['--json']);
    assert.ok((await complete('accounts', 'rekey', '--')).includes('--help'));
  });

  it('offers nothing after an unknown command', async () => {
    assert.deepEqual(await complete('sendd', '--j'), []);
  });

  it('offers zsh the same, through its bash completion', async () => {
    const io = captureIo();
    assert.equal(await runCli(['completion', 'zsh'], io), 0);
    assert.match(io.written.stdout, /^autoload .*bashcompinit[^]*complete -o default -F _durable_sms/);
  });

  it('refuses an unknown shell', async () => {
    const io = captureIo();
    assert.equal(await runCli(['completion', 'fish'], io), 2);
    assert.match(io.written.stderr, /Allowed choices are bash, zsh/);
  });
});
