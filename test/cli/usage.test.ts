import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { runSms } from '../support/cli-io.js';

/** No case here reaches a server. */
const sms = (args: readonly string[], input = '', env: Record<string, string> = {}) =>
  runSms(args, {
    input,
    env: { TEMPORAL_ADDRESS: '127.0.0.1:1', SMS_PAYLOAD_ENCRYPTION: 'off', ...env },
  });

const accountId = randomUUID();

describe('sms: command line', () => {
  it('documents its exit codes, and exits with 0 for help', async () => {
    const { exitCode, stdout } = await sms(['--help']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /Exit codes: 0 success, 1 .*, 2 invalid\ncommand line/);
    for (const command of [
      'setup',
      'send',
      'list',
      'status',
      'watch',
      'cancel',
      'resolve',
      'retry',
      'audit',
      'accounts',
      'keys',
    ])
      assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'));
    const helps = await Promise.all(['send', 'retry'].map((command) => sms([command, '--help'])));
    for (const help of helps) {
      assert.equal(help.exitCode, 0);
      assert.match(help.stdout, /Examples:/);
      assert.match(help.stdout, /Exit codes: 0 .*1 .*2 /s);
    }
  });

  for (const [args, words] of [
    [[], /Usage: durable-sms/],
    [['fly'], /unknown command 'fly'/],
    [['send', '--fast'], /unknown option '--fast'/],
    [['status'], /missing required argument/],
    [['status', 'a', 'b'], /too many arguments/],
    [['cancel'], /missing required argument/],
    [['accounts', 'set-key'], /missing required argument/],
    [['accounts', 'set-key', accountId, '--key', 'secret'], /unknown option '--key'/],
    [['send'], /--job FILE .*--account, --to and --message/],
    [['send', '--account', accountId, '--to', '0639980042'], /--account, --to and --message/],
    [['send', '--job', '/nowhere/job.json'], /Cannot read the file given by --job: \/nowhere\/job.json/],
  ] as const) {
    it(`exits with 2 for: sms ${args.join(' ').replace(accountId, 'ID')}`, async () => {
      const { exitCode, stdout, stderr } = await sms(args);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, '');
      assert.equal(exitCode, 2);
    });
  }

  for (const [option, value] of Object.entries({
    account: accountId,
    to: '0639980042',
    message: 'Bonjour',
    hunt: 'h',
    ad: 'a',
    lead: 'l',
    options: '{}',
  })) {
    it(`refuses --job together with --${option}`, async () => {
      const { exitCode, stderr } = await sms(['send', '--job', '-', `--${option}`, value], '{}');
      assert.equal(exitCode, 2);
      assert.equal(stderr, `--job contains the whole job: remove --${option}.`);
    });
  }

  it('refuses invalid JSON without repeating it', async () => {
    const broken = '{"recipientPhone": "+33639980042", "message": "Bonjour Madame"';
    const job = await sms(['send', '--job', '-'], broken);
    assert.equal(job.exitCode, 2);
    assert.equal(job.stderr, 'Invalid JSON in standard input.');
    const options = ['send', '--account', accountId, '--to', '0639980042', '--message', 'Bonjour Madame'];
    const flags = await sms([...options, '--options', '{simSlot: 2']);
    assert.equal(flags.exitCode, 2);
    assert.equal(flags.stderr, 'Invalid JSON in --options.');
  });

  for (const [what, job, code] of [
    ['no account id', { accountId: undefined }, 'VALIDATION_FAILED'],
    ['an account id that is not a UUID', { accountId: '1' }, 'VALIDATION_FAILED'],
    ['a misspelt option', { options: { simslot: 2 } }, 'VALIDATION_FAILED'],
    ['no number', { recipientPhone: 'Bonjour 42' }, 'PHONE_NUMBER_INVALID'],
    ['a blank message', { message: ' ' }, 'MESSAGE_REQUIRED'],
  ] as const) {
    it(`refuses a job with ${what} as ${code}, exit code 2, without repeating number or text`, async () => {
      const good = { recipientPhone: '+33639980042', message: 'Bonjour Madame', accountId };
      const input = JSON.stringify({ ...good, ...job });
      const { exitCode, stdout, stderr } = await sms(['send', '--job', '-'], input);
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`^${code}: [^\\n]+$`));
      assert.doesNotMatch(stderr, /39980042|Bonjour/);
    });
  }

  it('refuses malformed variables, all at once, without repeating them', async () => {
    const env = { SMS_PAYLOAD_ENCRYPTION: 'maybe', SMS_PAYLOAD_KEYS: 'a:not-hex' };
    const { exitCode, stderr } = await sms(['status', 'x'], '', env);
    assert.equal(exitCode, 2);
    assert.match(stderr, /SMS_PAYLOAD_ENCRYPTION: must be on or off/);
    assert.match(stderr, /SMS_PAYLOAD_KEYS: /);
    assert.doesNotMatch(stderr, /maybe|not-hex|\n\s+at /);
  });
});
