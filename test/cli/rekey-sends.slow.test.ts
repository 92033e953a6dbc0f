import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRekey } from '../../src/cli/rekey/rekey-stored-key.js';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { rekeyAccounts } from '../../src/db/rekey-accounts.js';
import { openStoredKeys } from '../../src/db/stored-keys.js';
import { addRows, countUnder, randomHexKey } from '../db/rekey-world.js';
import { runSms } from '../support/cli-io.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  endsOf,
  requestFailed,
  requestsFor,
  startFaultySend,
  statusIs,
} from '../support/started-sends.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { workerEnvironment } from '../support/worker-environment.js';
import { createFleet, startLoad, type Fleet } from './rekey-load.js';

const ACCOUNTS = 200;

describe('sends while the accounts are re-encrypted', () => {
  let fixture: SendFixture;
  let fleet: Fleet;
  let newKey: string;
  beforeEach(async () => {
    fixture = await createSendFixture({ worker: false });
    newKey = randomHexKey();
    fleet = createFleet(1);
  });
  afterEach(async () => {
    await fleet.close();
    await fixture.close();
  });

  const both = () => ({
    SMS_API_KEY_ENCRYPTION_KEY: newKey,
    SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: fixture.encryptionKey,
  });
  const rollTo = async (keys: Record<string, string>) => fleet.roll(await workerEnvironment(fixture, keys));

  /** In this process, where it takes some milliseconds. */
  async function rekeyHere(): Promise<void> {
    const keys = openStoredKeys({ databaseUrl: fixture.databaseUrl, readOnly: false });
    const rekey = createRekey({ encryptionKey: newKey, previousEncryptionKey: fixture.encryptionKey });
    const { signal } = new AbortController();
    await rekeyAccounts(keys, { rekey, write: true, batchSize: 200, signal });
    await keys.close();
    assert.equal(await countUnder(fixture.databaseUrl, fixture.encryptionKey), 0);
  }

  it('completes a send that meanwhile waits for its second attempt', async () => {
    await rollTo(both());
    const send = await startFaultySend(fixture, { kind: 'http-429', retryAfterSeconds: 3 });
    await requestFailed(fixture, send, 'RATE_LIMITED');
    await rekeyHere();
    assert.equal(requestsFor(fixture, send).length, 1);
    await rollTo({ SMS_API_KEY_ENCRYPTION_KEY: newKey });
    await assertEachSentOnce(fixture, [send]);
    assert.equal(requestsFor(fixture, send).length, 2);
  });

  it('completes a held send that is resent afterwards, by workers that have the new key only', async () => {
    await rollTo({ SMS_API_KEY_ENCRYPTION_KEY: fixture.encryptionKey });
    const lost = { kind: 'http-502', recorded: false } as const;
    const send = await startFaultySend(fixture, lost, { onUnknown: 'hold', unknownChecksMs: [200] });
    await statusIs(fixture, send, 'held');
    await rollTo(both());
    await rekeyHere();
    await rollTo({ SMS_API_KEY_ENCRYPTION_KEY: newKey });
    await fixture.client.resolve(send.workflowId, { resend: true });
    await assertEachSentOnce(fixture, [send]);
    assert.equal(requestsFor(fixture, send).length, 2);
  });

  it(`loses and duplicates no send during the whole rotation of ${ACCOUNTS} accounts`, async function () {
    this.timeout(10 * 60_000);
    fleet = createFleet(2);
    const accountIds = Array.from({ length: ACCOUNTS }, () => randomUUID());
    const { databaseUrl, apiKey, encryptionKey } = fixture;
    await addRows(
      databaseUrl,
      accountIds.map((id) => ({ id, stored: encryptCredentials(apiKey, encryptionKey) })),
    );
    await rollTo({ SMS_API_KEY_ENCRYPTION_KEY: fixture.encryptionKey });
    let started = 0;
    const load = startLoad(
      async () => {
        const job = fixture.job({ accountId: accountIds[started++ % ACCOUNTS]! });
        const sent = await fixture.client.send(job);
        return { job, workflowId: sent.workflowId, end: () => sent.result() };
      },
      { lanes: 10, pauseMs: 500 },
    );
    await rollTo(both());
    const beganMs = Date.now();
    const rotated = await runSms(['accounts', 'rekey', '--yes', '--batch', '20'], {
      env: { DATABASE_URL: fixture.databaseUrl, ...both() },
    });
    assert.equal(rotated.exitCode, 0, rotated.stderr);
    assert.match(rotated.stdout, /^201 accounts with a key: all use the new key\. 201 re-encrypted now/);
    const endedMs = Date.now();
    await waitUntil('enough sends', () => load.sends.length >= 40);
    await rollTo({ SMS_API_KEY_ENCRYPTION_KEY: newKey });
    await load.stop();

    assert.ok(load.sends.some(({ atMs }) => atMs >= beganMs && atMs <= endedMs));
    await assertEachSentOnce(fixture, load.sends);
    const ends = (await Promise.all(load.sends.map((send) => endsOf(fixture, send)))).flat();
    const others = ends.filter((end) => end !== 'completed');
    // A worker that has one key only cannot open what the other kind sealed: nothing was sent, and
    // it is tried again.
    assert.deepEqual(
      others.filter((end) => end !== 'PROVIDER_UNAVAILABLE' && end !== 'timed out'),
      [],
    );
    for (const secret of [fixture.encryptionKey, newKey, fixture.apiKey]) {
      assert.ok(!fleet.outputs().includes(secret));
    }
  });
});
