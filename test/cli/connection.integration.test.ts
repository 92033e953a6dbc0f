import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../tools/servers/free-port.js';
import { runSms } from '../support/cli-io.js';
import { makeDirectory } from '../support/scratch.js';
import { sharedTemporal } from '../support/shared-parts.js';

describe('sms: connection to Temporal', () => {
  const sms = (args: readonly string[], env: Record<string, string>) =>
    runSms(args, { env: { SMS_PAYLOAD_ENCRYPTION: 'off', ...env } });

  async function profileFile(text: string): Promise<string> {
    const path = join(await makeDirectory('profile'), 'temporal.toml');
    await writeFile(path, text);
    return path;
  }

  const send = ['send', '--account', randomUUID(), '--to', '0639980042', '--message', 'Bonjour'];
  for (const args of [send, ['status', 'x'], ['cancel', 'x'], ['setup']]) {
    it(`reports in one line that no server answers: sms ${args[0]}`, async () => {
      const TEMPORAL_ADDRESS = `127.0.0.1:${await freePort()}`;
      const { exitCode, stdout, stderr } = await sms(args, { TEMPORAL_ADDRESS });
      assert.equal(exitCode, 1, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /^TEMPORAL_UNAVAILABLE: .*cannot be reached.*TEMPORAL_ADDRESS[^\n]*$/);
    });
  }

  it('reports in one line that the namespace does not exist', async () => {
    const { address: TEMPORAL_ADDRESS } = await sharedTemporal();
    for (const args of [send, ['status', 'x'], ['setup']]) {
      const ended = await sms(args, { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: 'nowhere' });
      assert.equal(ended.exitCode, 2);
      assert.match(ended.stderr, /^TEMPORAL_REFUSED: [^\n]*namespace[^\n]*TEMPORAL_NAMESPACE[^\n]*$/i);
    }
  });

  it("connects where Temporal's profile file points, unless the environment says otherwise", async () => {
    const { address, namespace } = await sharedTemporal();
    const TEMPORAL_CONFIG_FILE = await profileFile(
      [
        `[profile.default]\naddress = "127.0.0.1:1"\nnamespace = "nowhere"`,
        `[profile.here]\naddress = "${address}"\nnamespace = "${namespace}"\n`,
      ].join('\n'),
    );
    const named = await sms(['setup'], { TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'here' });
    assert.equal(named.exitCode, 0, named.stderr);
    assert.equal(named.stdout, `Namespace ${namespace} has all search attributes.`);
    const overridden = await sms(['setup'], { TEMPORAL_CONFIG_FILE, TEMPORAL_ADDRESS: address });
    assert.match(overridden.stderr, /^TEMPORAL_REFUSED: .*namespace/);
  });

  it('reports that a profile does not exist or its file cannot be read, without quoting it', async () => {
    const missing = await sms(['status', 'x'], {
      TEMPORAL_CONFIG_FILE: await profileFile('[profile.default]\n'),
      TEMPORAL_PROFILE: 'elsewhere',
    });
    const broken = await sms(['status', 'x'], {
      TEMPORAL_CONFIG_FILE: await profileFile('[profile.default]\napi_key = secret-without-quotes\n'),
    });
    assert.match(missing.stderr, /elsewhere/);
    for (const { exitCode, stderr } of [missing, broken]) {
      assert.doesNotMatch(stderr, /secret-without-quotes/);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(exitCode, 2);
    }
  });
});
