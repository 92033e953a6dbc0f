import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import {
  addRows,
  assertAllUnder,
  countUnder,
  createRekeyWorld,
  randomHexKey,
  readStored,
  store,
  updateWaits,
  whileLocked,
  type RekeyWorld,
} from '../db/rekey-world.js';
import { asRole, onDatabase } from '../db/database-fixture.js';
import { ROOT, type Ended } from '../support/run-node.js';
import { rekey } from './run-rekey.js';

describe('durable-sms accounts rekey', () => {
  it('re-encrypts 1,000 accounts with progress, verifies them, and finds nothing to do the second time', async () => {
    const world = await createRekeyWorld(1_000, { without: 4 });
    const first = await rekey(world, ['--yes', '--batch', '100']);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(
      first.stdout,
      /^1000 accounts with a key: all use the new key\. 1000 re-encrypted now, 0 earlier\.\nRemove .*_PREVIOUS once/,
    );
    const lines = first.stderr.split('\n');
    assert.equal(lines[0], 'Re-encrypting accounts: 100 of 1000');
    assert.equal(lines.at(-1), 'Verifying accounts: 1000 of 1000');
    assert.equal(lines.length, 20);
    await assertAllUnder(world, world.newKey);
    const stored = await readStored(world.url);
    const second = await rekey(world, ['--yes', '--json']);
    assert.equal(second.exitCode, 0, second.stderr);
    const seen = { seen: 1_000, changed: 0, current: 1_000, old: 0, unreadable: 0, gone: 0 };
    assert.deepEqual(JSON.parse(second.stdout), {
      dryRun: false,
      complete: true,
      stopped: false,
      total: 1_000,
      ...seen,
      found: seen,
    });
    assert.deepEqual(await readStored(world.url), stored);
  });

  it('names the damaged accounts, re-encrypts the others, and exits with 1', async () => {
    const world = await createRekeyWorld(30);
    const [damaged] = world.ids;
    await store(world.url, damaged!, 'bm90IGVuY3J5cHRlZA==');
    const ended = await rekey(world, ['--yes']);
    assert.equal(ended.exitCode, 1);
    assert.match(
      ended.stdout,
      /^30 accounts with a key: 29 use the new key.*\n1 cannot be decrypted with either key/,
    );
    assert.ok(ended.stderr.endsWith(`\n  ${damaged}: cannot be decrypted with either key`), ended.stderr);
    const json = await rekey(world, ['--yes', '--json']);
    assert.equal(json.exitCode, 1);
    const problem = { accountId: damaged, problem: 'unreadable' };
    assert.deepEqual(
      json.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
      [
        { ...problem, pass: 'rekey' },
        { ...problem, pass: 'verify' },
      ],
    );
    assert.equal((await readStored(world.url)).get(damaged!), 'bm90IGVuY3J5cHRlZA==');
    assert.equal(await countUnder(world.url, world.newKey), 29);
  });

  it('prints at most 20 accounts as text, and all of them as JSON', async () => {
    const world = await createRekeyWorld(25);
    const wrong = { SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: randomHexKey() };
    const people = await rekey(world, ['--dry-run'], wrong);
    assert.equal(people.exitCode, 1);
    assert.match(people.stderr, /either key\n {2}… and 5 more: --json lists them all\.$/);
    const programs = await rekey(world, ['--dry-run', '--json'], wrong);
    assert.equal(programs.stdout.split('\n').length, 26);
  });

  it('changes nothing with a wrong old key, and exits with 1', async () => {
    const world = await createRekeyWorld(10);
    const before = await readStored(world.url);
    const ended = await rekey(world, ['--yes'], { SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: randomHexKey() });
    assert.equal(ended.exitCode, 1);
    assert.match(ended.stdout, /^10 accounts .* 0 use .*\n10 cannot be decrypted with either key/);
    assert.deepEqual(await readStored(world.url), before);
  });

  it('writes nothing in a dry run, which works with a read-only role', async () => {
    const world = await createRekeyWorld(10);
    await store(world.url, world.ids[0]!, encryptCredentials('new', world.newKey));
    const before = await readStored(world.url);
    const DATABASE_URL = await roleWith(world, 'GRANT SELECT (id, sms_api_key) ON accounts TO :role');
    const dry = await rekey(world, ['--dry-run'], { DATABASE_URL });
    assert.equal(dry.exitCode, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /^Dry run: nothing was written\. 10 .* 9 would be .*\n1 already use the new key, 0 cannot/,
    );
    assert.deepEqual(await readStored(world.url), before);
  });

  for (const [what, permissions, code] of [
    ['that may only read', 'GRANT SELECT (id, sms_api_key) ON accounts TO :role', 42501],
    [
      'that is read-only by default',
      'GRANT SELECT, UPDATE ON accounts TO :role; ALTER ROLE :role SET default_transaction_read_only = on',
      25006,
    ],
  ] as const) {
    it(`reports that a role ${what} may not update accounts`, async () => {
      const world = await createRekeyWorld(10);
      const before = await readStored(world.url);
      const { exitCode, stdout, stderr } = await rekey(world, ['--yes'], {
        DATABASE_URL: await roleWith(world, permissions),
      });
      assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' });
      assert.match(
        stderr,
        new RegExp(`DATABASE_UNAVAILABLE: The role may not update accounts.*\\(${code}\\)\\.$`),
      );
      assert.deepEqual(await readStored(world.url), before);
    });
  }

  it('needs only the permissions that the documentation grants', async () => {
    const world = await createRekeyWorld(10);
    const documented = /GRANT SELECT.*UPDATE.*;/.exec(
      await readFile(`${ROOT}/docs/rotate-keys.md`, 'utf8'),
    )?.[0];
    assert.ok(documented);
    const DATABASE_URL = await roleWith(world, documented.replace(/TO \w+/, 'TO :role'));
    const { exitCode, stderr } = await rekey(world, ['--yes'], { DATABASE_URL });
    assert.equal(exitCode, 0, stderr);
    await assertAllUnder(world, world.newKey);
  });

  it('finds an account that the web app stored under the old key meanwhile', async () => {
    const world = await createRekeyWorld(10);
    const late = '00000000-0000-0000-0000-000000000000';
    let ended: Promise<Ended> | undefined;
    await whileLocked(world.url, world.ids[9]!, async () => {
      ended = rekey(world, ['--yes']);
      await updateWaits(world.url);
      await addRows(world.url, [{ id: late, stored: encryptCredentials('late', world.oldKey) }]);
    });
    const { exitCode, stdout, stderr } = await ended!;
    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /^11 accounts .* 10 use .*\n1 still use the old key: .*\(the web app\?\).* encrypts with the old key/,
    );
    assert.ok(stderr.endsWith(`\n  ${late}: still encrypted with the old key`), stderr);
    assert.equal((await rekey(world, ['--yes'])).exitCode, 0);
  });

  it('requires a terminal or --yes', async () => {
    const world = await createRekeyWorld(3);
    const ended = await rekey(world, []);
    assert.equal(ended.exitCode, 2);
    assert.equal(
      ended.stderr,
      'This re-encrypts the keys of 3 accounts. Standard input is not a terminal: pass --yes to continue.',
    );
    assert.equal(await countUnder(world.url, world.newKey), 0);
  });

  it('does nothing when no account has a key', async () => {
    const ended = await rekey(await createRekeyWorld(0, { without: 3 }), []);
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.equal(ended.stdout, 'No account has a key: there is nothing to re-encrypt.');
  });

  it('refuses an invalid command line or environment, and reports all problems at once', async () => {
    const world = await createRekeyWorld(0);
    const sizes = ['0', '10001', '1.5', 'many', '-1'];
    for (const ended of await Promise.all(sizes.map((size) => rekey(world, ['--yes', `--batch=${size}`])))) {
      assert.equal(ended.exitCode, 2);
      assert.equal(ended.stderr, '--batch must be a whole number from 1 to 10000.');
    }
    const empty = {
      DATABASE_URL: '',
      SMS_API_KEY_ENCRYPTION_KEY: '',
      SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: '',
    };
    const missing = await rekey(world, ['--yes'], empty);
    assert.equal(missing.exitCode, 2);
    for (const name of Object.keys(empty))
      assert.match(missing.stderr, new RegExp(`^ {2}${name}: required`, 'm'));
    const same = { SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: world.newKey.toUpperCase() };
    const ended = await rekey(world, ['--yes'], same);
    assert.equal(ended.exitCode, 2);
    assert.match(ended.stderr, /KEY_PREVIOUS: must differ from SMS_API_KEY_ENCRYPTION_KEY$/);
  });

  /** The address for a new role with these permissions. */
  async function roleWith(world: RekeyWorld, permissions: string): Promise<string> {
    const role = `role_${randomUUID().slice(0, 8)}`;
    await onDatabase(world.url, async (sql) => {
      await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'of-the-reader'`);
      await sql.unsafe(permissions.replaceAll(':role', role));
    });
    return asRole(world.url, role, 'of-the-reader');
  }
});
