import assert from 'node:assert/strict';
import { smsFor, type Sms } from '../support/cli.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

describe('durable-sms resolve', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  after(() => fixture.close());

  /** A send that is held, as its first request got lost. */
  async function startHeld() {
    const job = fixture.job({ options: { unknownChecksMs: [100], onUnknown: 'hold' } });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    return { job, sent };
  }

  it('shows why a send is held, and resends it', async () => {
    const { job, sent } = await startHeld();
    const status = await sms(['status', sent.workflowId]);
    assert.match(status.stdout, /^status +held\nreason +Held: .*leaves the decision to a person.*$/m);
    const resolved = await sms(['resolve', sent.workflowId, '--resend']);
    assert.equal(resolved.exitCode, 0, resolved.stderr);
    const { messageId } = await sent.result();
    assert.deepEqual(
      fixture.simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone).length,
      1,
    );
    assert.match(
      (await sms(['status', sent.workflowId])).stdout,
      new RegExp(`^message id +${messageId}$`, 'm'),
    );
  });

  it('ends the send with the id of --sent, or as SEND_OUTCOME_UNKNOWN with --abandon', async () => {
    const { sent } = await startHeld();
    const resolved = await sms(['resolve', sent.workflowId, '--sent', 'id-7', '--json']);
    assert.deepEqual(JSON.parse(resolved.stdout), {
      workflowId: sent.workflowId,
      decision: { sent: true, messageId: 'id-7' },
    });
    assert.equal((await sent.result()).messageId, 'id-7');
    const { sent: left } = await startHeld();
    assert.equal((await sms(['resolve', left.workflowId, '--abandon'])).exitCode, 0);
    await expectSmsError(left.result(), 'SEND_OUTCOME_UNKNOWN');
  });

  it('reports in one line that there is nothing to decide', async () => {
    const sent = await fixture.client.send(fixture.job());
    await sent.result();
    const { exitCode, stdout, stderr } = await sms(['resolve', sent.workflowId, '--resend']);
    assert.equal(exitCode, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^NOT_HELD: [^\n]+$/);
  });

  for (const flags of [[], ['--resend', '--abandon']]) {
    it(`exits with 2 for: durable-sms resolve ID ${flags.join(' ')}`, async () => {
      const { exitCode, stderr } = await sms(['resolve', 'x', ...flags]);
      assert.equal(exitCode, 2);
      assert.match(stderr, /Pass exactly one of --sent MESSAGE_ID, --resend and --abandon\./);
    });
  }
});
