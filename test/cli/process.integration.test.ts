import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '../support/built-package.js';
import { runSmsProcess, temporalEnvironment } from '../support/cli.js';
import { makeDirectory } from '../support/scratch.js';

/** What only a process of its own shows: the real arguments, streams, environment and exit code. */
describe('sms, as it is installed', function () {
  this.timeout(180_000);
  before(ensureBuilt);

  const offline = { SMS_PAYLOAD_ENCRYPTION: 'off', TEMPORAL_ADDRESS: '127.0.0.1:1' };

  it('exits with 0 for help, on standard output', async () => {
    const { exitCode, stdout, stderr } = await runSmsProcess(['--help']);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /^Usage: .*Exit codes: 0 success, 1 .*, 2 invalid\ncommand line/s);
  });

  it('exits with 2 for an invalid command line, with the reason on standard error', async () => {
    for (const args of [[], ['fly'], ['status'], ['keys', 'generate', '--id', 'k2']]) {
      const { exitCode, stdout, stderr } = await runSmsProcess(args);
      assert.deepEqual([exitCode, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /Usage: |unknown command 'fly'|missing required argument|add --payload/);
    }
  });

  it('prints a key to standard output, and the hint to standard error', async () => {
    const { exitCode, stdout, stderr } = await runSmsProcess(['keys', 'generate']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^[0-9a-f]{64}$/);
    assert.match(stderr, /^Use it as SMS_API_KEY_ENCRYPTION_KEY\./);
  });

  it('reads a job from standard input, and refuses an invalid one with exit code 2', async () => {
    const job = { recipientPhone: '+33639980042', message: ' ', accountId: randomUUID() };
    const input = JSON.stringify(job);
    const { exitCode, stderr } = await runSmsProcess(['send', '--job', '-'], { env: offline, input });
    assert.equal(exitCode, 2);
    assert.match(stderr, /^MESSAGE_REQUIRED: [^\n]+$/);
  });

  it('exits with 2 for an invalid environment, and with 1 when no server answers', async () => {
    const wrong = await runSmsProcess(['status', 'x'], {
      env: { ...offline, SMS_PAYLOAD_ENCRYPTION: 'maybe' },
    });
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /SMS_PAYLOAD_ENCRYPTION: must be on or off/);
    const lost = await runSmsProcess(['status', 'x'], { env: offline });
    assert.equal(lost.exitCode, 1);
    assert.match(lost.stderr, /^TEMPORAL_UNAVAILABLE: [^\n]+$/);
  });

  it('connects where the profile file of the environment points', async () => {
    const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = await temporalEnvironment();
    const TEMPORAL_CONFIG_FILE = join(await makeDirectory('profile'), 'temporal.toml');
    await writeFile(
      TEMPORAL_CONFIG_FILE,
      `[profile.default]\naddress = "${address}"\nnamespace = "${namespace}"\n`,
    );
    const env = { SMS_PAYLOAD_ENCRYPTION: 'off', TEMPORAL_CONFIG_FILE };
    const found = await runSmsProcess(['setup'], { env });
    assert.equal(found.exitCode, 0, found.stderr);
    assert.match(found.stderr, /^Warning: namespace \S+ keeps closed runs for only 1 day\./);
    assert.match(found.stdout, /^Namespace \S+ has all search attributes\.$/);
    const none = await runSmsProcess(['status', `sms-${randomUUID()}`], { env });
    assert.deepEqual([none.exitCode, none.stdout], [1, '']);
    assert.match(none.stderr, /^NOT_FOUND: [^\n]+$/);
  });
});
