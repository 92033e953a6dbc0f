import assert from 'node:assert/strict';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { runSms } from '../support/cli-io.js';

const generate = (...args: string[]) => {
  const env = { SMS_API_KEY_ENCRYPTION_KEY: 'a1'.repeat(32), SMS_PAYLOAD_KEYS: `k1:${'b2'.repeat(32)}` };
  return runSms(['keys', 'generate', ...args], { env });
};

describe('durable-sms keys generate', () => {
  it('prints a new key of 64 hexadecimal characters, and hints separately', async () => {
    const keys = await Promise.all([generate(), generate()]);
    for (const { exitCode, stdout, stderr } of keys) {
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, /^[0-9a-f]{64}$/);
      assert.match(stderr, /^Use it as SMS_API_KEY_ENCRYPTION_KEY\..*docs\/rotate-keys\.md$/);
      assert.doesNotMatch(stderr, /[0-9a-f]{16}/);
    }
    assert.notEqual(keys[0].stdout, keys[1].stdout);
  });

  it('prints a payload key under the given id, or else the date', async () => {
    const [dated, named] = await Promise.all([generate('--payload'), generate('--payload', '--id', 'k2')]);
    assert.match(dated.stdout, /^20\d\d-[01]\d-[0-3]\d:[0-9a-f]{64}$/);
    assert.match(named.stdout, /^k2:[0-9a-f]{64}$/);
    assert.equal(parsePayloadKeys(`${named.stdout},${dated.stdout}`).length, 2);
    assert.match(named.stderr, /^Add it to SMS_PAYLOAD_KEYS .*docs\/rotate-keys\.md$/);
    assert.doesNotMatch(named.stderr, /[0-9a-f]{16}/);
  });

  for (const id of ['', 'a b', 'a:b', 'a,b', 'ké', 'x'.repeat(65)]) {
    it(`refuses the id ${JSON.stringify(id.slice(0, 8))} of ${id.length} characters, and prints no key`, async () => {
      const { exitCode, stdout, stderr } = await generate('--payload', '--id', id);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.equal(stderr, '--id must be 1 to 64 characters of A-Za-z0-9._-');
    });
  }

  it('refuses an id for a key without one', async () => {
    const { exitCode, stdout, stderr } = await generate('--id', 'k2');
    assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: '' });
    assert.match(stderr, /add --payload/);
  });
});
