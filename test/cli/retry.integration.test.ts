import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SmsJob } from '../../src/client.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { smsFor, type Sms } from '../support/cli.js';
import { endedSend } from '../support/started-sends.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('durable-sms retry', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const messagesTo = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);

  const ended = (fault: Omit<FaultRule, 'number'>, changes: Partial<SmsJob> = {}) =>
    endedSend(fixture, [fault], changes);

  /** Failed as SEND_OUTCOME_UNKNOWN; `recorded` shows in the log only now. */
  async function unknown(recorded: boolean, changes: Partial<SmsJob> = {}) {
    fixture.simulator.setFaults(recorded ? [{ kind: 'log-empty', times: 1 }] : []);
    const send = await ended({ kind: 'http-500', recorded }, changes);
    assert.equal((await fixture.client.get(send.workflowId).status()).code, 'SEND_OUTCOME_UNKNOWN');
    return send;
  }

  /** Someone sends another message from the phone of the fixture's account. */
  async function sendByHand(recipients: string, message: string): Promise<void> {
    const { apiKey: apikey, simulator } = fixture;
    const body = new URLSearchParams({ apikey, recipients, message, sendsms: '1' });
    const { ok } = await fetch(`${simulator.url}/sendsms/`, { method: 'POST', body });
    assert.ok(ok);
  }

  it('reports what it would do, does it, and reports that it is done', async () => {
    const { job, workflowId } = await ended({ kind: 'http-400' });
    const dry = await sms(['retry', workflowId, '--dry-run']);
    assert.equal(
      dry.stdout,
      `Would check the provider’s list of sent messages first and, if it does not show the message, start ${workflowId}-retry-1.`,
    );
    assert.equal(dry.exitCode, 0, dry.stderr);
    const started = await sms(['retry', workflowId]);
    assert.equal(started.exitCode, 0, started.stderr);
    assert.match(started.stdout, new RegExp(`^Started ${workflowId}-retry-1\\.\n`));
    await fixture.client.get(`${workflowId}-retry-1`).result();
    const again = await sms(['retry', workflowId]);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.match(
      again.stdout,
      /already has a retry: .*-retry-1 \(accepted\)\. To retry that one: npx durable-sms retry /,
    );
    const json = await sms(['retry', workflowId, '--json']);
    const { retryOf, kind, status } = JSON.parse(json.stdout) as Record<string, unknown>;
    assert.deepEqual(
      { retryOf, kind, status },
      { retryOf: workflowId, kind: 'already-retried', status: 'accepted' },
    );
    assert.equal(messagesTo(job).length, 1);
  });

  it('checks the sent messages first for a send that may be out, and starts nothing if it is listed', async () => {
    const { job, workflowId } = await unknown(true);
    const { exitCode, stdout, stderr } = await sms(['retry', workflowId]);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^Checking the provider’s list of sent messages/);
    assert.match(
      stdout,
      new RegExp(`^Not started: ${workflowId} was sent at \\S+, as message ${messagesTo(job)[0]!.id}\\.$`),
    );
    assert.equal(messagesTo(job).length, 1);
  });

  it('exits with 1 while the outcome is unknown; --force names the risk and asks for confirmation', async () => {
    const { job, workflowId } = await unknown(false);
    fixture.simulator.setFaults([{ kind: 'log-500' }]);
    const refused = await sms(['retry', workflowId]);
    assert.equal(refused.exitCode, 1);
    assert.match(
      refused.stdout,
      /^Not started: The provider’s sent messages do not show whether .*HTTP 500.*phone.*--force\.$/,
    );
    const unconfirmed = await sms(['retry', workflowId, '--force']);
    assert.equal(unconfirmed.exitCode, 2);
    assert.match(unconfirmed.stderr, /the recipient may receive it twice\. .*--yes/);
    assert.equal(messagesTo(job).length, 0);
    const forced = await sms(['retry', workflowId, '--force', '--yes']);
    assert.equal(forced.exitCode, 0, forced.stderr);
    assert.match(forced.stderr, /the recipient may receive it twice/);
    await fixture.client.get(`${workflowId}-retry-1`).result();
    assert.equal(messagesTo(job).length, 1);
  });

  it('exits with 2 for a send that was sent, and with 1 for an unknown id', async () => {
    const sent = await fixture.client.send(fixture.job());
    await sent.result();
    const refused = await sms(['retry', sent.workflowId, '--force']);
    assert.deepEqual(
      [refused.exitCode, refused.stdout],
      [2, 'Not started: The provider has accepted the message. To send another message, start a new send.'],
    );
    const none = await sms(['retry', `sms-${randomUUID()}`]);
    assert.equal(none.exitCode, 1);
    assert.match(none.stderr, /^NOT_FOUND: [^\n]+$/);
  });

  for (const [args, words] of [
    [[], /workflow id or --error CODE/],
    [['--error', 'API_KEY_REQUIRED'], /one of --hunt, --ad, --lead, --account and --since/],
    [['x', '--hunt', 'h'], /Pass either a workflow id or filter options/],
    [['--error', 'API_KEY_REQUIRED', '--hunt', 'h', '--force'], /--force applies to a single send/],
    [['--error', 'OOPS', '--hunt', 'h'], /^VALIDATION_FAILED/],
  ] as const) {
    it(`exits with 2 for: durable-sms retry ${args.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await sms(['retry', ...args]);
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, words);
    });
  }

  it('retries many sends, the last of each chain once, checks the sent messages, and lists the refused', async function () {
    this.timeout(240_000);
    const { client } = fixture;
    const metadata = { huntId: `hunt-${randomUUID()}` };
    const retry = ['retry', '--error', 'SEND_OUTCOME_UNKNOWN', '--hunt', metadata.huntId];
    const clean = [await unknown(false, { metadata }), await unknown(false, { metadata })];
    const late = await unknown(true, { metadata });
    const chained = await unknown(false, { metadata });
    fixture.simulator.setFaults([
      { kind: 'http-500', recorded: false, times: 1, number: chained.job.recipientPhone },
    ]);
    await client.retry(chained.workflowId);
    const chainedRetry = `${chained.workflowId}-retry-1`;
    await client
      .get(chainedRetry)
      .result()
      .catch(() => undefined);
    const doubtful = await unknown(false, { metadata });
    fixture.simulator.setFaults([]);
    // No run explains this text to its number.
    await sendByHand(doubtful.job.recipientPhone, 'Bonsoir');
    await waitUntil(
      'all to be listed',
      async () => (await client.count({ ...metadata, status: 'failed' })) === 6,
    );

    const unconfirmed = await sms(retry);
    assert.equal(unconfirmed.exitCode, 2);
    assert.match(unconfirmed.stderr, /^6 sends ended with SEND_OUTCOME_UNKNOWN\. .*--yes/);
    const dry = await sms([...retry, '--dry-run']);
    assert.equal(dry.exitCode, 0, dry.stderr);
    assert.equal(dry.stdout, '5 would start.');

    const done = await sms([...retry, '--yes']);
    assert.equal(done.exitCode, 1, done.stderr);
    const [summary, failure, ...more] = done.stdout.split('\n');
    assert.match(summary ?? '', /3 started/);
    assert.match(summary ?? '', /1 found to be sent/);
    assert.match(summary ?? '', /1 could not be retried\.$/);
    assert.match(failure ?? '', new RegExp(`^ {2}${doubtful.workflowId}: Not started: .*a different text`));
    assert.deepEqual(more, []);
    for (const { workflowId } of clean) await client.get(`${workflowId}-retry-1`).result();
    await client.get(`${chained.workflowId}-retry-2`).result();
    for (const { job } of [...clean, late, chained]) assert.equal(messagesTo(job).length, 1);

    const again = await sms([...retry, '--yes', '--json']);
    const kinds = again.stdout.split('\n').map((line) => (JSON.parse(line) as { kind: string }).kind);
    assert.deepEqual(kinds.sort(), [
      'already-retried',
      'already-retried',
      'already-retried',
      'refused',
      'was-sent',
    ]);
    for (const { job } of [...clean, late, chained]) assert.equal(messagesTo(job).length, 1);
  });
});
