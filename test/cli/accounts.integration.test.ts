import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { smsFor, type Sms } from '../support/cli.js';
import type { Ended } from '../support/run-node.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('durable-sms accounts set-key', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture, {
      DATABASE_URL: fixture.databaseUrl,
      SMS_API_KEY_ENCRYPTION_KEY: fixture.encryptionKey,
    });
  });
  after(() => fixture.close());

  const setKey = (accountId: string, input: string, env?: Record<string, string>) =>
    sms(['accounts', 'set-key', accountId], { input, ...(env === undefined ? {} : { env }) });

  function assertRefused({ exitCode, stdout, stderr }: Ended, words: RegExp, expected: number) {
    assert.equal(exitCode, expected, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.ok(!stderr.includes(fixture.apiKey));
    assert.ok(!stderr.includes(new URL(fixture.databaseUrl).password));
  }

  /** The address of the fixture's database for a role that may read accounts but not write them. */
  async function readOnlyUrl(settings: string): Promise<string> {
    const role = `reader_${randomUUID().slice(0, 8)}`;
    const sql = postgres(fixture.databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
    try {
      await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'of-the-reader'`);
      await sql.unsafe(`GRANT SELECT (id, sms_api_key) ON accounts TO ${role}`);
      if (settings !== '') await sql.unsafe(`ALTER ROLE ${role} SET ${settings}`);
    } finally {
      await sql.end();
    }
    const url = new URL(fixture.databaseUrl);
    url.username = role;
    url.password = 'of-the-reader';
    return url.href;
  }

  it('stores an encrypted key from standard input that sends can use', async () => {
    const accountId = await fixture.addAccount();
    const stored = await setKey(accountId, `${fixture.apiKey}\n`);
    assert.equal(stored.exitCode, 0, stored.stderr);
    assert.equal(stored.stdout, `Stored the key of account ${accountId}.`);
    const sql = postgres(fixture.databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
    const [row] = await sql`SELECT sms_api_key FROM accounts WHERE id = ${accountId}`;
    await sql.end();
    assert.match(String(row?.['sms_api_key']), /^[A-Za-z0-9+/]+=*$/);
    assert.ok(!String(row?.['sms_api_key']).includes(fixture.apiKey));
    const result = await (await fixture.client.send(fixture.job({ accountId }))).result();
    assert.equal(result.success, true);
  });

  it('refuses an account that does not exist, or an invalid id', async () => {
    const unknown = randomUUID();
    assertRefused(await setKey(unknown, fixture.apiKey), new RegExp(`Account ${unknown} does not exist`), 2);
    assertRefused(await setKey('42', fixture.apiKey), /must be a UUID/, 2);
  });

  it('refuses an empty key and one of several lines', async () => {
    for (const input of ['', ' \n'])
      assertRefused(await setKey(fixture.accountId, input), /Standard input contains no key/, 2);
    assertRefused(await setKey(fixture.accountId, `${fixture.apiKey}\nmore`), /must be one line/, 2);
  });

  it('asks for DATABASE_URL and the encryption key when they are missing', async () => {
    const empty = { DATABASE_URL: '', SMS_API_KEY_ENCRYPTION_KEY: '' };
    const ended = await setKey(fixture.accountId, fixture.apiKey, empty);
    assertRefused(ended, /DATABASE_URL: required.*\n.*SMS_API_KEY_ENCRYPTION_KEY: required/, 2);
  });

  it('reports that nothing listens at the address of the database', async () => {
    const DATABASE_URL = 'postgres://user:of-the-reader@127.0.0.1:1/web_app';
    const ended = await setKey(fixture.accountId, fixture.apiKey, { DATABASE_URL });
    assertRefused(ended, /^DATABASE_UNAVAILABLE: .*nothing listens.*\n?$/, 1);
  });

  for (const settings of ['', 'default_transaction_read_only = on']) {
    it(`reports that the role may not write accounts (${settings || 'no permission'})`, async () => {
      const DATABASE_URL = await readOnlyUrl(settings);
      const ended = await setKey(fixture.accountId, fixture.apiKey, { DATABASE_URL });
      assertRefused(ended, /role may not (?:write|update|change)/, 1);
    });
  }
});
