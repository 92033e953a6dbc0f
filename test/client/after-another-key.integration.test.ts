import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { setApiKey } from '../../src/db/set-api-key.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const NEW_KEY = `k3y-${randomUUID()}`;

describe('retry of a send whose account has changed its API key', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ otherApiKeys: [NEW_KEY] });
  });
  after(() => fixture.close());

  it('is refused when the sent messages do not show the message, as they belong to another key', async () => {
    const { simulator, client } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100], onUnknown: 'fail' } });
    simulator.addFaults({ kind: 'http-500', recorded: true, times: 1, number: job.recipientPhone });
    simulator.addFaults({ kind: 'log-empty', times: 1 });
    const sent = await client.send(job);
    await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
    const { databaseUrl, accountId, encryptionKey } = fixture;
    assert.equal(await setApiKey(databaseUrl, accountId, encryptCredentials(NEW_KEY, encryptionKey)), true);

    const outcome = await client.retry(sent.workflowId);
    assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
    assert.match(outcome.reason, /API key has changed since/);
    assert.equal(simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone).length, 1);
  });
});
