import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { onDatabase } from '../db/database-fixture.js';
import { expectSmsError } from '../support/expect-failure.js';
import { OPEN_POLICY, policyRows } from '../support/policy-rows.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const REPLY = 'Bien noté : vous ne recevrez plus de SMS de notre part.';

describe('the inbox of an account', () => {
  let fixture: SendFixture;

  before(async () => {
    fixture = await createSendFixture({ optOutReply: REPLY, minInboxDelayMs: 500 });
    await policyRows(fixture.databaseUrl).setPolicy(fixture.accountId, OPEN_POLICY);
  });

  // The inbox is being read, which does not keep the worker from stopping.
  after(() => fixture.close());

  const textsTo = (phone: string) =>
    fixture.simulator
      .messages()
      .filter(({ recipient }) => recipient === phone)
      .map(({ text }) => text);

  it('is read before a first marketing message, and stops what waits for a number that answers STOP', async () => {
    const { simulator, client, databaseUrl } = fixture;
    const first = fixture.job({ options: { purpose: 'marketing' } });
    const { recipientPhone: phone } = first;
    await (await client.send(first)).result();
    assert.ok(simulator.readCount('/getsms/') > 0);

    // It waits for a phone that is offline.
    simulator.addFaults({ kind: 'error-2', number: phone });
    const waiting = await client.send({ ...first, message: 'Une autre' });
    await waitUntil('a request that was not sent', () => simulator.requests().length > 1);
    simulator.receive({ from: '+33612345678', message: 'Tu rentres quand ?' });
    simulator.receive({ from: phone, message: 'STOP merci' });
    await expectSmsError(waiting.result(), 'RECIPIENT_OPTED_OUT');

    simulator.setFaults([]);
    const confirmed = await waitUntil('the confirmation', () => textsTo(phone).includes(REPLY));
    assert.ok(confirmed);
    const rows = await onDatabase(
      databaseUrl,
      (sql) => sql`SELECT phone, kind, message FROM durable_sms.inbound_messages`,
    );
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ phone, kind: 'opt-out', message: 'STOP merci' }],
    );
    const [optOut] = await onDatabase(
      databaseUrl,
      (sql) => sql`SELECT source, announced_at, confirmed_at FROM durable_sms.opt_outs`,
    );
    assert.equal(optOut?.['source'], 'keyword');
  });
});
