import assert from 'node:assert/strict';
import { createRekey } from '../../src/cli/rekey/rekey-stored-key.js';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { rekeyAccounts, type LeftAccount, type RekeyCounts } from '../../src/db/rekey-accounts.js';
import { openStoredKeys, type StoredKeys } from '../../src/db/stored-keys.js';
import { expectSmsError } from '../support/expect-failure.js';
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
} from './rekey-world.js';
import { assertUnavailable } from './database-fixture.js';

/** Longer than any lock of these tests is held. */
const PATIENT_LOCKS_MS = 60_000;

describe('re-encrypting the accounts', () => {
  type Options = Partial<Parameters<typeof rekeyAccounts>[1]>;

  async function run(
    world: RekeyWorld,
    options: Options & { lockTimeoutMs?: number; change?: (keys: StoredKeys) => Partial<StoredKeys> } = {},
  ): Promise<RekeyCounts & { left: LeftAccount[] }> {
    const { lockTimeoutMs = PATIENT_LOCKS_MS, change, ...further } = options;
    const keys = openStoredKeys({ databaseUrl: world.url, readOnly: false, lockTimeoutMs });
    const left: LeftAccount[] = [];
    try {
      const counts = await rekeyAccounts(
        { ...keys, ...change?.(keys) },
        {
          rekey: world.rekey,
          write: true,
          batchSize: 100,
          signal: new AbortController().signal,
          onLeft: (account) => left.push(account),
          ...further,
        },
      );
      return { ...counts, left };
    } finally {
      await keys.close();
    }
  }

  const NONE = { changed: 0, current: 0, old: 0, unreadable: 0, gone: 0, left: [] };

  it('re-encrypts 1,000 accounts in batches, each with its own key, and finds them done afterwards', async () => {
    const world = await createRekeyWorld(1_000, { without: 6 });
    const seen: number[] = [];
    const counts = await run(world, { onBatch: (soFar) => seen.push(soFar.seen) });
    assert.deepEqual(counts, { ...NONE, seen: 1_000, changed: 1_000 });
    assert.deepEqual(seen.slice(0, 10), [100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    await assertAllUnder(world, world.newKey);
    const after = await readStored(world.url);
    assert.deepEqual(await run(world), { ...NONE, seen: 1_000, current: 1_000 });
    assert.deepEqual(await readStored(world.url), after);
  });

  it('skips no account at the edges of batches of any size, nor the smallest id', async () => {
    for (const batchSize of [1, 3, 4, 12, 100]) {
      const world = await createRekeyWorld(11);
      const nil = '00000000-0000-0000-0000-000000000000';
      await addRows(world.url, [{ id: nil, stored: encryptCredentials('nil', world.oldKey) }]);
      const counts = await run(world, { batchSize });
      assert.deepEqual(counts, { ...NONE, seen: 12, changed: 12 });
      assert.equal(await countUnder(world.url, world.newKey), 12);
    }
  });

  it('never loads more than one batch', async () => {
    const world = await createRekeyWorld(25);
    const sizes: number[] = [];
    await run(world, {
      batchSize: 10,
      change: (keys) => ({
        list: async (page) => {
          const rows = await keys.list(page);
          sizes.push(rows.length);
          return rows;
        },
      }),
    });
    assert.deepEqual(sizes, [10, 10, 5]);
  });

  it('writes nothing in a dry run, whose session is read-only', async () => {
    const world = await createRekeyWorld(20);
    const before = await readStored(world.url);
    const counts = await run(world, { write: false });
    assert.equal(counts.old, 20);
    assert.deepEqual(await readStored(world.url), before);
    const keys = openStoredKeys({ databaseUrl: world.url, readOnly: true });
    const [account] = await keys.list({ after: undefined, limit: 1 });
    await assertUnavailable(keys.replace({ ...account!, next: 'x' }), '25006', world);
    await keys.close();
    assert.deepEqual(await readStored(world.url), before);
  });

  it('keeps a key that the web app stores between its read and write, under either key', async () => {
    const world = await createRekeyWorld(3);
    const [ofNew, ofOld, removed] = world.ids;
    const stored = {
      [ofNew!]: encryptCredentials('changed-new', world.newKey),
      [ofOld!]: encryptCredentials('changed-old', world.oldKey),
      [removed!]: null,
    };
    const changed = new Set<string>();
    const counts = await run(world, {
      change: (keys) => ({
        replace: async (change) => {
          if (!changed.has(change.accountId))
            await store(world.url, change.accountId, stored[change.accountId]!);
          changed.add(change.accountId);
          return await keys.replace(change);
        },
      }),
    });
    assert.deepEqual(counts, { ...NONE, seen: 3, changed: 1, current: 1, gone: 1 });
    assert.equal((await readStored(world.url)).get(removed!), null);
    const apiKeys = new Map([
      [ofNew!, 'changed-new'],
      [ofOld!, 'changed-old'],
    ]);
    await assertAllUnder({ url: world.url, apiKeys }, world.newKey);
  });

  it('waits for a transaction of the web app, and does not overwrite its result', async () => {
    const world = await createRekeyWorld(10);
    const theirs = encryptCredentials('theirs', world.oldKey);
    let counts: ReturnType<typeof run> | undefined;
    await whileLocked(world.url, world.ids[4]!, async (change) => {
      counts = run(world);
      await updateWaits(world.url);
      await change(theirs);
    });
    assert.deepEqual(await counts, { ...NONE, seen: 10, changed: 10 });
    const apiKeys = new Map([...world.apiKeys, [world.ids[4]!, 'theirs']]);
    await assertAllUnder({ url: world.url, apiKeys }, world.newKey);
  });

  it('gives up a row that stays locked, reports it, and re-encrypts the others', async () => {
    const world = await createRekeyWorld(10);
    const [locked] = world.ids;
    await whileLocked(world.url, locked!, async () => {
      const counts = await run(world, { lockTimeoutMs: 100, batchSize: 5 });
      assert.deepEqual(counts, {
        ...NONE,
        seen: 10,
        changed: 9,
        old: 1,
        left: [{ accountId: locked, problem: 'old' }],
      });
    });
    assert.equal(await countUnder(world.url, world.newKey), 9);
    assert.equal((await run(world)).changed, 1);
    await assertAllUnder(world, world.newKey);
  });

  it('reports a row that neither key opens, leaves it unchanged, and re-encrypts the others', async () => {
    const world = await createRekeyWorld(10);
    const whole = (await readStored(world.url)).get(world.ids[1]!)!;
    const damaged = new Map([
      [world.ids[0]!, encryptCredentials('third', randomHexKey())],
      [world.ids[1]!, `${whole.startsWith('A') ? 'B' : 'A'}${whole.slice(1)}`],
      [world.ids[2]!, 'never encrypted'],
    ]);
    for (const [id, stored] of damaged) await store(world.url, id, stored);
    const { left, ...counts } = await run(world);
    assert.deepEqual({ ...counts, left: [] }, { ...NONE, seen: 10, changed: 7, unreadable: 3 });
    assert.deepEqual(
      new Set(left.map(({ accountId, problem }) => `${accountId} ${problem}`)),
      new Set([...damaged.keys()].map((id) => `${id} unreadable`)),
    );
    const stored = await readStored(world.url);
    for (const [id, value] of damaged) assert.equal(stored.get(id), value);
  });

  it('changes nothing with a wrong old key', async () => {
    const world = await createRekeyWorld(10);
    const before = await readStored(world.url);
    const rekey = createRekey({ encryptionKey: world.newKey, previousEncryptionKey: randomHexKey() });
    assert.equal((await run(world, { rekey })).unreadable, 10);
    assert.deepEqual(await readStored(world.url), before);
  });

  it('stores only what decrypts to the same API key', async () => {
    const world = await createRekeyWorld(10);
    const before = await readStored(world.url);
    const keys = { encryptionKey: world.newKey, previousEncryptionKey: world.oldKey };
    for (const encrypt of [
      () => 'nonsense',
      (_: string, key: string | undefined) => encryptCredentials('another', key),
    ]) {
      const failure = await run(world, { rekey: createRekey(keys, encrypt) }).catch(
        (error: unknown) => error,
      );
      assert.ok(failure instanceof Error && failure.message.includes('It was not stored'), String(failure));
      for (const apiKey of world.apiKeys.values()) assert.ok(!String(failure.stack).includes(apiKey));
    }
    assert.deepEqual(await readStored(world.url), before);
  });

  it('ends after the rows under way when it is stopped', async () => {
    const world = await createRekeyWorld(50);
    const stop = new AbortController();
    const counts = await run(world, {
      batchSize: 10,
      signal: stop.signal,
      onBatch: ({ seen }) => {
        if (seen === 20) stop.abort();
      },
    });
    assert.equal(counts.seen, 20);
    assert.equal(await countUnder(world.url, world.newKey), 20);
    assert.equal((await run(world)).changed, 30);
    await assertAllUnder(world, world.newKey);
  });

  it('reports that the database is unreachable, without its address', async () => {
    const keys = openStoredKeys({
      databaseUrl: 'postgres://u:of-the-web-app@127.0.0.1:1/web',
      readOnly: false,
    });
    const error = await expectSmsError(keys.count(), 'DATABASE_UNAVAILABLE');
    assert.match(error.message, /nothing listens on the address \(ECONNREFUSED\)/);
    await keys.close();
  });
});
