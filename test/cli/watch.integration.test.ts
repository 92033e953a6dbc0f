import assert from 'node:assert/strict';
import { once } from 'node:events';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { type Sms, smsFor, spawnSms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/started-sends.js';

describe('durable-sms watch', () => {
  let fixture: SendFixture;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
  });
  after(() => fixture.close());

  const inAnHour = () => new Date(Date.now() + 3_600_000);

  it('exits with 0 for a send that was sent, and with 1 for one that failed', async () => {
    const sent = await fixture.client.send(fixture.job());
    const { messageId } = await sent.result();
    const good = await sms(['watch', sent.workflowId]);
    assert.equal(good.exitCode, 0, good.stderr);
    assert.match(good.stdout, new RegExp(`^\\S+Z  accepted  ${messageId}$`));
    const failed = await fixture.client.send(fixture.job({ recipientPhone: magicNumberFor('http-400') }));
    const bad = await sms(['watch', failed.workflowId]);
    assert.equal(bad.exitCode, 1);
    assert.match(bad.stdout, /^\S+Z {2}failed {2}MESSAGE_SEND_FAILED {2}\S.*$/m);
    const none = await sms(['watch', 'nothing']);
    assert.equal(none.exitCode, 1);
    assert.match(none.stderr, /^NOT_FOUND: [^\n]+$/);
  });

  it('goes on past the acceptance of a followed send, and exits by its end', async () => {
    const follow = async (kind: 'phone-late' | 'phone-fails') => {
      const options = { follow: true, followChecksMs: [2_000, 10_000] };
      const job = fixture.job({ options });
      fixture.simulator.addFaults({ kind, phoneDelayMs: 6_000, times: 1, number: job.recipientPhone });
      const sent = await fixture.client.send(job);
      await sent.accepted();
      return await sms(['watch', sent.workflowId]);
    };
    const [good, bad] = await Promise.all([follow('phone-late'), follow('phone-fails')]);
    assert.match(good.stdout, /^\S+Z {2}accepted {2}SMSMobileAPI accepted the message\. .*\n/);
    assert.match(good.stdout, /\n\S+Z {2}sent {2}[0-9a-f]{40}$/);
    assert.equal(good.exitCode, 0, good.stderr);
    assert.match(bad.stdout, /^\S+Z {2}accepted /);
    assert.match(bad.stdout, /\n\S+Z {2}failed {2}MESSAGE_SEND_FAILED {2}\S.*$/);
    assert.equal(bad.exitCode, 1);
  });

  it('prints each change until the end, as text and as JSON', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { onUnknown: 'hold', unknownChecksMs: [100] } });
    simulator.addFaults({ kind: 'http-500', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await client.send(job);
    await statusIs(fixture, sent.workflowId, 'held');
    const { child, output } = await spawnWatch([sent.workflowId, '--json']);
    await waitUntil('the hold to be seen', () => output().includes('"held"'));
    await client.resolve(sent.workflowId, { resend: true });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    assert.equal(exitCode, 0);
    const statuses = output()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status: string }).status);
    assert.equal(statuses[0], 'held');
    assert.equal(statuses.at(-1), 'accepted');
  });

  it('stops watching on Ctrl-C, says that the send goes on, and exits with 1', async () => {
    const { client } = fixture;
    const sent = await client.send(fixture.job(), { sendAt: inAnHour() });
    const { child, output } = await spawnWatch([sent.workflowId]);
    await waitUntil('it to watch', () => output().includes('running'));
    child.kill('SIGINT');
    const [exitCode] = (await once(child, 'close')) as [number | null];
    assert.equal(exitCode, 1);
    assert.match(output(), /The send continues\. To check it: npx durable-sms status /);
    assert.equal((await client.get(sent.workflowId).status()).status, 'running');
    await client.cancel(sent.workflowId);
  });

  it('exits quietly with 1 when its reader closes the pipe before the end', async () => {
    const { client } = fixture;
    const sent = await client.send(fixture.job(), { sendAt: inAnHour() });
    const { child, output } = await spawnWatch([sent.workflowId]);
    await waitUntil('it to watch', () => output().includes('running'));
    child.stdout.destroy();
    await client.cancel(sent.workflowId);
    const [exitCode] = (await once(child, 'close')) as [number | null];
    assert.equal(exitCode, 1);
    assert.doesNotMatch(output(), /EPIPE|Error/);
  });

  async function spawnWatch(args: readonly string[]) {
    const child = await spawnSms(fixture, ['watch', ...args]);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    }
    return { child, output: () => text };
  }
});
