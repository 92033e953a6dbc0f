import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { statusIs } from '../support/started-sends.js';
import { maybeSent } from './maybe-sent.js';

describe('reconciling with missing or wrong sent messages', () => {
  const itBesideOthers = sideBySide();
  const fixtures: SendFixture[] = [];
  /** A fixture of a test's own: a fault of the log is met by all who read it. */
  async function open(): Promise<SendFixture> {
    const fixture = await createSendFixture();
    fixtures.push(fixture);
    return fixture;
  }
  after(() => Promise.all(fixtures.map((fixture) => fixture.close())));

  itBesideOthers('trusts the sent messages over an operator who orders a resend', async () => {
    const fixture = await open();
    const { messagesTo, send } = maybeSent(() => fixture);
    const { simulator, client } = fixture;
    simulator.addFaults({ kind: 'log-empty', times: 2 });
    const { job, workflowId, end } = await send([{ kind: 'http-502', recorded: true }], {
      onUnknown: 'hold',
    });
    await statusIs(fixture, workflowId, 'held');
    await client.resolve(workflowId, { resend: true });
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
  });

  itBesideOthers(
    'holds while the sent messages are unavailable, and checks once more at the deadline',
    async () => {
      const fixture = await open();
      const { messagesTo, send } = maybeSent(() => fixture);
      const { simulator } = fixture;
      simulator.addFaults({ kind: 'log-500' });
      const expiresAt = new Date(Date.now() + 15_000).toISOString();
      const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: true }], { expiresAt });
      const held = await statusIs(fixture, workflowId, 'held');
      assert.match(held.reason ?? '', /HTTP 500/);
      simulator.setFaults([]);
      const { messageId } = await end();
      assert.deepEqual(
        messagesTo(job.recipientPhone).map(({ id }) => id),
        [messageId],
      );
    },
  );

  itBesideOthers(
    'reports the first message beside the second when it turns up before the second reply',
    async () => {
      const fixture = await open();
      const { messagesTo, send } = maybeSent(() => fixture);
      const { simulator } = fixture;
      simulator.addFaults({ kind: 'log-empty', times: 2 });
      const { job, end } = await send([{ kind: 'http-500', recorded: true }]);
      const { messageId, possibleDuplicateOf } = await end();
      const ids = messagesTo(job.recipientPhone).map(({ id }) => id);
      assert.deepEqual([possibleDuplicateOf, messageId], ids);
    },
  );

  itBesideOthers('finds the first message in an audit when it turns up later', async () => {
    const fixture = await open();
    const { messagesTo, send } = maybeSent(() => fixture);
    const { simulator, client } = fixture;
    const since = new Date();
    simulator.addFaults({ kind: 'log-empty', times: 4 });
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: true }]);
    const { messageId, possibleDuplicateOf } = await end();
    assert.equal(possibleDuplicateOf, undefined);
    const [first] = messagesTo(job.recipientPhone).map(({ id }) => id);
    const finding = await waitUntil('the audit to list the run', async () => {
      for await (const found of client.audit({ since })) if (found.workflowId === workflowId) return found;
      return undefined;
    });
    assert.deepEqual(finding, { workflowId, messageId, possibleDuplicateOf: first });
  });
});
