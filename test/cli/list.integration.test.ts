import assert from 'node:assert/strict';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { SmsListing } from '../../src/client.js';
import { magicNumberFor } from '../../tools/simulator/magic-number.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { type Sms, smsFor, spawnSms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('durable-sms list', () => {
  const huntId = `hunt-${randomUUID()}`;
  let fixture: SendFixture;
  let sms: Sms;
  let workflowIds: string[];
  let failedId: string;
  before(async () => {
    fixture = await createSendFixture();
    sms = await smsFor(fixture);
    const metadata = { huntId, leadId: 'lead-42' };
    const jobs = Array.from({ length: 6 }, () => fixture.job({ metadata }));
    const sent = await Promise.all(jobs.map((job) => fixture.client.send(job)));
    const failed = await fixture.client.send(
      fixture.job({ metadata: { huntId }, recipientPhone: magicNumberFor('http-400') }),
    );
    await Promise.all([...sent, failed].map((send) => send.result().catch(() => undefined)));
    failedId = failed.workflowId;
    workflowIds = [...sent.map(({ workflowId }) => workflowId), failedId].sort();
    await waitUntil('all ends to be listed', async () => {
      const [ok, bad] = [await count('accepted'), await count('failed')];
      return ok === 6 && bad === 1;
    });
  });
  after(() => fixture.close());

  const count = (status: 'accepted' | 'failed') => fixture.client.count({ huntId, status });
  const parse = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SmsListing);

  it('prints a table that people and scripts can read, without borders or colours, with whole ids', async () => {
    const { exitCode, stdout, stderr } = await sms(['list', '--hunt', huntId, '--page-size', '2']);
    assert.equal(exitCode, 0, stderr);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /[\u001b\u2500-\u257f|]| $/m);
    const lines = stdout.split('\n');
    assert.match(lines[0] ?? '', /^STATUS +CODE +STARTED +CLOSED +LEAD +HUNT +WORKFLOW ID$/);
    assert.equal(lines.length, 9);
    assert.equal(lines.at(-1), '7 sends.');
    const rows = lines.slice(1, -1);
    assert.deepEqual(rows.map((row) => row.split(/ +/).at(-1)).sort(), workflowIds);
    const columns = rows.map((row) => row.indexOf('sms-'));
    assert.equal(new Set(columns).size, 1);
    const failed = rows.find((row) => row.endsWith(failedId));
    assert.match(failed ?? '', /^failed +MESSAGE_SEND_FAILED +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +\d{4}/);
    assert.match(stdout, /^accepted +\d{4}-\S+Z +\d{4}-\S+Z +lead-42 +hunt-/m);
  });

  it('prints one JSON line per send, and their number on standard error', async () => {
    const { exitCode, stdout, stderr } = await sms(['list', '--hunt', huntId, '--json', '--page-size', '3']);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(
      parse(stdout)
        .map(({ workflowId }) => workflowId)
        .sort(),
      workflowIds,
    );
    const failed = parse(stdout).find(({ workflowId }) => workflowId === failedId);
    assert.deepEqual([failed?.status, failed?.code], ['failed', 'MESSAGE_SEND_FAILED']);
    assert.equal(stderr, '7 sends.');
  });

  it('stops at the limit, and says that there are more', async () => {
    const limited = await sms(['list', '--hunt', huntId, '--limit', '3', '--json']);
    assert.equal(parse(limited.stdout).length, 3);
    assert.match(limited.stderr, /^3 sends\. More sends match: raise --limit or pass --all/);
    const exact = await sms(['list', '--hunt', huntId, '--limit', '7', '--page-size', '2']);
    assert.match(exact.stdout, /^7 sends\.$/m);
    const all = await sms(['list', '--hunt', huntId, '--all', '--page-size', '1', '--json']);
    assert.equal(parse(all.stdout).length, 7);
  });

  it('filters by status, code and number, and shows no number', async () => {
    const failed = await sms([
      'list',
      '--hunt',
      huntId,
      '--status',
      'failed',
      '--error',
      'MESSAGE_SEND_FAILED',
    ]);
    assert.match(failed.stdout, /\n1 send\.$/);
    const to = await sms(['list', '--to', magicNumberFor('http-400'), '--hunt', huntId, '--json']);
    assert.deepEqual(
      parse(to.stdout).map(({ workflowId }) => workflowId),
      [failedId],
    );
    assert.ok(!(to.stdout + to.stderr).includes(magicNumberFor('http-400').slice(-8)));
    const none = await sms(['list', '--hunt', `${huntId}-none`]);
    assert.deepEqual([none.exitCode, none.stdout], [0, '0 sends.']);
  });

  for (const [flags, words] of [
    [['--hunt', "x' OR '1'='1"], /^VALIDATION_FAILED: .*huntId/],
    [['--status', 'lost'], /^VALIDATION_FAILED: .*status must be one of running/],
    [['--to', 'nobody'], /^PHONE_NUMBER_INVALID: /],
    [['--since', 'yesterday'], /^--since must be a valid ISO 8601 time/],
    [['--limit', '0'], /^--limit must be a whole number/],
  ] as const) {
    it(`exits with 2 for: durable-sms list ${flags.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await sms(['list', ...flags]);
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n/);
    });
  }

  it('ends quietly with 0 when its reader closes the pipe', async () => {
    const args = ['list', '--hunt', huntId, '--all', '--page-size', '1', '--json'];
    const child = await spawnSms(fixture, args);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [exitCode] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([exitCode, stderr], [0, '']);
  });
});
