import assert from 'node:assert/strict';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';

describe('sending while PostgreSQL is down', () => {
  let postgres: EmbeddedPostgres;
  let fixture: SendFixture;
  before(async () => {
    postgres = await startEmbeddedPostgres({
      guard: await sharedGuard(),
      directory: await makeDirectory('outage'),
    });
    const databaseUrl = await postgres.createDatabase('web_app');
    await createWebAppTables(databaseUrl);
    fixture = await createSendFixture({ databaseUrl });
  });
  after(async () => {
    await fixture.close();
    await postgres.stop();
  });

  it('waits with few events, shows its attempts, and sends when PostgreSQL is back', async () => {
    const { client, temporal, simulator } = fixture;
    await postgres.stop();
    const sent = await client.send(fixture.job());
    const pending = await waitUntil('five attempts to load the key', async () => {
      const { raw } = await temporal.workflow.getHandle(sent.workflowId).describe();
      return raw.pendingActivities?.find(({ attempt = 0 }) => Number(attempt) >= 5);
    });
    assert.equal(pending.activityType?.name, 'loadEncryptedApiKey');
    assert.equal(pending.lastFailure?.applicationFailureInfo?.type, 'DATABASE_UNAVAILABLE');

    await postgres.start();
    const { messageId } = await sent.result();
    await simulator.waitForMessage(({ id }) => id === messageId);
    const history = await fetchHistory(temporal, sent.workflowId);
    assert.ok((history.events?.length ?? 0) < 60, `${history.events?.length ?? 0} events`);
    assert.equal(sendAttemptsIn(history), 1);
  });

  it('ends as MESSAGE_EXPIRED, caused by DATABASE_UNAVAILABLE, when it stays down past the deadline', async () => {
    const { client, temporal, simulator } = fixture;
    await postgres.stop();
    try {
      const expiresAt = new Date(Date.now() + 12_000).toISOString();
      const sent = await client.send(fixture.job({ options: { expiresAt } }));
      await expectSmsError(sent.result(), 'MESSAGE_EXPIRED');
      const handle = temporal.workflow.getHandle(sent.workflowId);
      const failed: unknown = await handle.result().catch((error: unknown) => error);
      assert.ok(typesOfCauses(failed).includes('DATABASE_UNAVAILABLE'));
      const history = await fetchHistory(temporal, sent.workflowId);
      assert.ok(!activitiesIn(history).includes('sendSms'));
      assert.equal(simulator.messages().length, 1, 'the one of the test before');
    } finally {
      await postgres.start();
    }
  });
});

function typesOfCauses(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  return ['type' in error ? error.type : undefined, ...typesOfCauses(error.cause)];
}
