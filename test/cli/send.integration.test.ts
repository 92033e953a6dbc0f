import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { smsFor, type Sms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { makeDirectory } from '../support/scratch.js';

describe('durable-sms send', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  after(() => fixture.close());

  const received = (text: string) => fixture.simulator.waitForMessage((message) => message.text === text);
  const linesOf = (stdout: string) => stdout.trim().split('\n');

  it('takes a job from standard input and prints its workflow id', async () => {
    const job = fixture.job();
    const { exitCode, stdout, stderr } = await sms(['send', '--job', '-'], { input: JSON.stringify(job) });
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, '');
    const [workflowId = '', ...others] = linesOf(stdout);
    assert.deepEqual(others, []);
    assert.ok(workflowId.startsWith(`sms-${fixture.accountId}-`));
    const result = await fixture.client.get(workflowId).result();
    assert.equal((await received(job.message)).id, result.messageId);
  });

  it('takes a job from a file', async () => {
    const job = fixture.job();
    const path = join(await makeDirectory('job'), 'job.json');
    await writeFile(path, JSON.stringify(job));
    const { exitCode, stderr } = await sms(['send', '--job', path]);
    assert.equal(exitCode, 0, stderr);
    assert.equal((await received(job.message)).recipient, job.recipientPhone);
  });

  it('reads the job from options, its number in national form, and prints the outcome with --wait', async () => {
    const message = `Bonjour ${randomUUID()}`;
    const { exitCode, stdout, stderr } = await sms([
      'send',
      '--account',
      fixture.accountId,
      '--to',
      '06 39 98 12 34',
      '--message',
      message,
      '--hunt',
      'hunt-7',
      '--ad',
      'ad-8',
      '--lead',
      'lead-9',
      '--options',
      '{"simSlot": 2}',
      '--wait',
    ]);
    assert.equal(exitCode, 0, stderr);
    const { id, recipient, simSlot } = await received(message);
    assert.equal(recipient, '+33639981234');
    assert.equal(simSlot, 2);
    const [workflowId = '', ...lines] = linesOf(stdout);
    const shown = Object.fromEntries(lines.map((line) => [line.slice(0, 14).trim(), line.slice(14)]));
    const { 'accepted at': acceptedAt, 'run id': runId, ...others } = shown;
    assert.match(String(acceptedAt), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.match(String(runId), /^[0-9a-f-]{36}$/);
    assert.deepEqual(others, {
      status: 'accepted',
      'message id': id,
      account: fixture.accountId,
      hunt: 'hunt-7',
      ad: 'ad-8',
      lead: 'lead-9',
      'workflow id': workflowId,
    });
  });

  it('follows with --follow, whatever the job says', async () => {
    const options = { follow: false, followChecksMs: [500, 5_000] };
    const input = JSON.stringify(fixture.job({ options }));
    const { exitCode, stdout, stderr } = await sms(['send', '--job', '-', '--follow', '--wait', '--json'], {
      input,
    });
    assert.equal(exitCode, 0, stderr);
    const { status, delivery } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<
      string,
      unknown
    >;
    assert.deepEqual([status, delivery], ['sent', 'sent']);
    const wrong = await sms(['send', '--job', '-', '--follow'], { input: '7' });
    assert.equal(wrong.exitCode, 2);
  });

  it('prints one JSON object per line with --json --wait, the workflow id first', async () => {
    const job = fixture.job({ metadata: { leadId: 'lead-1' } });
    const { exitCode, stdout, stderr } = await sms(['send', '--job', '-', '--json', '--wait'], {
      input: JSON.stringify(job),
    });
    assert.equal(exitCode, 0, stderr);
    const [started, ended, ...others] = linesOf(stdout).map(
      (line) => JSON.parse(line) as Record<string, string>,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(started!), ['workflowId', 'runId']);
    const { timestamp, ...end } = ended!;
    assert.match(String(timestamp), /Z$/);
    assert.deepEqual(end, {
      ...started,
      status: 'accepted',
      messageId: (await received(job.message)).id,
      correlationIds: { accountId: fixture.accountId, leadId: 'lead-1' },
    });
  });

  it('exits with 1 and the error code when the send it waited for failed', async () => {
    const job = fixture.job({ recipientPhone: magicNumberFor('http-403') });
    const input = JSON.stringify(job);
    const text = await sms(['send', '--job', '-', '--wait'], { input });
    assert.equal(text.exitCode, 1);
    assert.match(text.stdout, /^status +failed\ncode +API_KEY_INVALID$/m);
    const json = await sms(['send', '--job', '-', '--wait', '--json'], { input });
    assert.equal(json.exitCode, 1);
    const report = JSON.parse(linesOf(json.stdout)[1]!) as Record<string, unknown>;
    assert.equal(report['status'], 'failed');
    assert.equal(report['code'], 'API_KEY_INVALID');
    assert.deepEqual(report['details'], { httpStatus: 403, attempt: 1, providerCode: 'forbidden' });
  });

  it('sends once for a repeated idempotency key, and refuses the key for another job', async () => {
    const job = fixture.job();
    const key = `lead-${randomUUID()}`;
    const send = (what: object) =>
      sms(['send', '--job', '-', '--idempotency-key', key, '--wait'], { input: JSON.stringify(what) });
    const first = await send(job);
    const second = await send(job);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.equal(second.stdout, first.stdout);
    assert.equal(linesOf(first.stdout)[0], `sms-${fixture.accountId}-${key}`);

    const other = await send({ ...job, message: 'another text' });
    assert.equal(other.exitCode, 2);
    assert.match(other.stderr, /^IDEMPOTENCY_KEY_REUSED: .*$/);
    assert.equal(fixture.simulator.messages().filter(({ text }) => text === job.message).length, 1);
  });
});
