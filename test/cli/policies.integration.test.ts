import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run-cli.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { onDatabase } from '../db/database-fixture.js';
import { addOutreach, addReply } from '../policies-client/policy-records.js';
import { captureIo, runSms } from '../support/cli-io.js';
import type { Ended } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';
import { createWebAppDatabase } from '../support/shared-parts.js';

const PHONE = '+33639980001';

/** The commands about policies, without Temporal. */
describe('durable-sms policy, opt-outs, outreach, phones and forget', () => {
  let databaseUrl: string;
  let accountId: string;
  before(async () => {
    databaseUrl = await createWebAppDatabase();
  });
  beforeEach(async () => {
    accountId = await addAccount(databaseUrl, {
      apiKey: 'k',
      encryptionKey: randomBytes(32).toString('hex'),
    });
  });

  /** Temporal is out of reach: nobody listens there. */
  const environment = () => ({
    DATABASE_URL: databaseUrl,
    SMS_PAYLOAD_ENCRYPTION: 'off',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  const sms = (args: readonly string[], input = ''): Promise<Ended> =>
    runSms(args, { env: environment(), input, callTimeoutMs: 300 });
  /** The output of a command that succeeds. */
  const ok = async (args: readonly string[], input?: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await sms(args, input);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const json = async (args: readonly string[], input?: string): Promise<unknown> =>
    JSON.parse(await ok([...args, '--json'], input));
  /** The last line of the errors of a command that fails. */
  const fails = async (exitCode: number, args: readonly string[], input?: string): Promise<string> => {
    const ended = await sms(args, input);
    assert.equal(ended.exitCode, exitCode, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    assert.equal(ended.stdout, '');
    return ended.stderr;
  };

  it('shows and sets a policy', async () => {
    const shown = await ok(['policy', 'show', accountId]);
    assert.match(shown, /^account +[0-9a-f-]{36}\nregion +FR +\(default\)$/m);
    assert.match(shown, /^days +mon, tue, wed, thu, fri, sat +\(default\)$/m);
    const set = await ok([
      'policy',
      'set',
      accountId,
      '--days',
      'fri-mon,3',
      '--closes',
      '24:00',
      '--per-day',
      '7',
    ]);
    assert.match(set, /^days +mon, wed, fri, sat, sun$/m);
    assert.match(set, /^closes +24:00$/m);
    assert.match(set, /^messages per day +7$/m);
    assert.match(set, /^opens +08:30 +\(default\)$/m);
    const reset = (await json(['policy', 'set', accountId, '--reset', '--opens', '09:00'])) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [reset['opensAt'], reset['closesAt'], reset['perDay'], reset['accountId']],
      ['09:00', '20:00', 300, accountId],
    );
    await ok(['policy', 'set', accountId, '--reset']);
    assert.equal(await ok(['policy', 'show', accountId]), shown);
  });

  it('refuses a policy that cannot be, and changes nothing', async () => {
    const before = await ok(['policy', 'show', accountId]);
    for (const [args, message] of [
      [[], /Name at least one setting/],
      [['--days', 'mon-xyz'], /^--days must be like mon-sat/],
      [['--days', ''], /^--days must be like/],
      [['--per-day', '0'], /^--per-day must be a whole number/],
      [['--closes', '25:00'], /closesAt must be a time from 00:00 to 24:00/],
      [['--time-zone', 'Paris'], /timeZone must be a time zone/],
      [['--holidays', 'DE'], /Allowed choices are FR, FR-57, none/],
    ] as const)
      assert.match(await fails(2, ['policy', 'set', accountId, ...args]), message);
    assert.match(
      await fails(2, ['policy', 'set', randomUUID(), '--per-day', '3']),
      /^Account .* does not exist\.$/,
    );
    assert.match(await fails(2, ['policy', 'show', 'x']), /accountId must be a UUID/);
    assert.equal(await ok(['policy', 'show', accountId]), before);
  });

  it('adds an opt-out once, warns if Temporal is away, and removes it', async () => {
    const recipient = ['--account', accountId, '--to', '06 39 98 00 01'];
    const added = await sms(['opt-outs', 'add', ...recipient]);
    assert.equal(added.exitCode, 0, added.stderr);
    assert.equal(added.stdout, 'Opted out: the account sends nothing to the number any more.');
    assert.match(
      added.stderr,
      /^The opt-out stands, but the sends that wait were not notified\. Each looks by itself/,
    );
    assert.deepEqual(await json(['opt-outs', 'add', ...recipient]), {
      accountId,
      added: false,
      notified: null,
    });
    const listed = await ok(['opt-outs', 'list', '--account', accountId]);
    assert.match(listed, new RegExp(`^OPTED OUT .*\n.*Z +operator +\\${PHONE} +${accountId}\n1 opt-out\\.$`));
    assert.deepEqual(await json(['opt-outs', 'remove', ...recipient]), { accountId, removed: true });
    assert.match(await ok(['opt-outs', 'remove', ...recipient]), /^The recipient had not opted out\./);
    assert.equal(await ok(['opt-outs', 'list', '--account', accountId]), '0 opt-outs.');
  });

  it('refuses an account or a number that is none, and quotes no number', async () => {
    const add = (account: string, to: string) => ['opt-outs', 'add', '--account', account, '--to', to];
    assert.match(await fails(2, add(randomUUID(), PHONE)), /^Account .* does not exist\.$/);
    assert.match(await fails(2, add('x', PHONE)), /accountId must be a UUID/);
    const message = await fails(2, add(accountId, '06 39 98 00 01 or 02'));
    assert.match(message, /^PHONE_NUMBER_INVALID: recipientPhone must be a single phone number/);
    assert.match(
      await fails(2, ['opt-outs', 'add', '--account', accountId]),
      /required option '--to <number>'/,
    );
  });

  it('imports a list and exports it, twice', async () => {
    const numbers = Array.from(
      { length: 1_200 },
      (_, i) => `06 39 98 ${String(i + 1_000).replace(/(..)$/, ' $1')}`,
    );
    const file = join(await makeDirectory('opt-outs'), 'opt-outs.csv');
    const imported = ['opt-outs', 'import', '--account', accountId];
    assert.deepEqual(await json([...imported, '-'], numbers.join('\n')), {
      added: 1_200,
      existing: 0,
      notified: null,
    });
    const csv = await ok(['opt-outs', 'export', '--account', accountId]);
    assert.equal(csv.split('\n').length, 1_201);
    await writeFile(file, csv);
    assert.equal(
      await ok(['opt-outs', 'import', file]),
      'Opt-outs added: 0. Already there, or listed twice: 1200. Waiting sends notified: 0.',
    );
    const lines = await ok(['opt-outs', 'export', '--format', 'jsonl', '--account', accountId]);
    assert.deepEqual(await json(['opt-outs', 'import', '-'], lines), {
      added: 0,
      existing: 1_200,
      notified: 0,
    });
    assert.match(
      await ok(['opt-outs', 'list', '--account', accountId, '--limit', '2']),
      /2 opt-outs\. There are more: raise --limit or pass --all\.$/,
    );
  });

  it('imports nothing of a list with a wrong line', async () => {
    const message = await fails(
      2,
      ['opt-outs', 'import', '--account', accountId, '-'],
      `phone\n${PHONE}\nnonsense\n`,
    );
    assert.match(
      message,
      /^VALIDATION_FAILED: The list was not imported, as 1 of its 2 lines is wrong\. line 3: /,
    );
    const list = `account_id,phone\n${randomUUID()},${PHONE}`;
    assert.match(await fails(2, ['opt-outs', 'import', '-'], list), /^Account .* does not exist\.$/);
    assert.equal(await ok(['opt-outs', 'list', '--account', accountId]), '0 opt-outs.');
  });

  it('lists the replies that may be opt-outs, and decides about them', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await addReply(databaseUrl, {
      accountId,
      id,
      phone: PHONE,
      message: 'Non\u001b[2J\nmerci',
      minutesAgo: 3,
    });
    await addReply(databaseUrl, { accountId, id: other, phone: '+33639980002' });
    const possible = await ok(['opt-outs', 'list', '--possible', '--account', accountId]);
    assert.match(possible, new RegExp(`${id}  Non\\?\\[2J\\?merci\n`));
    assert.match(possible, /2 replies wait for a decision\.$/);
    assert.match(
      await fails(2, ['opt-outs', 'list', '--possible', '--since', '1d']),
      /^--possible lists all/,
    );
    assert.match(await ok(['opt-outs', 'confirm', id]), /^Confirmed: /);
    assert.match(await ok(['opt-outs', 'dismiss', other, '--account', accountId]), /^Dismissed: /);
    assert.equal(
      await ok(['opt-outs', 'list', '--possible', '--account', accountId]),
      '0 replies wait for a decision.',
    );
    assert.match(await ok(['opt-outs', 'list', '--account', accountId]), /\n1 opt-out\.$/);
    assert.match(
      await fails(1, ['opt-outs', 'confirm', 'none']),
      /^NOT_FOUND: No reply that may be an opt-out has this id/,
    );
    assert.match(await fails(2, ['opt-outs', 'dismiss', id]), /^VALIDATION_FAILED: This reply was confirmed/);
  });

  it('lists who was written to, and which phones do not work', async () => {
    for (const minutesAgo of [2, 1])
      await addOutreach(databaseUrl, { accountId, phone: PHONE, minutesAgo, huntId: 'hunt-7' });
    const table = await ok(['outreach', 'list', '--account', accountId, '--hunt', 'hunt-7', '--since', '1h']);
    assert.match(table, /^AT .*\n.*granted +1 +\+33639980001 +hunt-7 +sms-.*\/1\n.*\/2\n2 requests\.$/);
    const { stdout, stderr } = await sms(['outreach', 'list', '--account', accountId, '--json']);
    assert.equal(stdout.split('\n').map((line) => JSON.parse(line) as object).length, 2);
    assert.equal(stderr, '2 requests.');
    assert.equal(await ok(['phones', '--account', accountId]), '0 phones do not work.');
    await onDatabase(databaseUrl, async (sql) => {
      await sql`
        INSERT INTO durable_sms.phones (account_id, lane, closed_until, reason, failures, failed_at)
        VALUES (${accountId}, '', now() + interval '5 minutes', 'the sending phone is offline', 3, now())`;
    });
    assert.match(
      await ok(['phones', '--account', accountId]),
      /^STATE .*\nclosed +\S+Z +\S+Z +3 +any phone +\S+ +the sending phone is offline\n1 phone does not work\.$/,
    );
  });

  it('forgets a number once somebody has typed the count', async () => {
    await addOutreach(databaseUrl, { accountId, phone: PHONE, minutesAgo: 1 });
    await addReply(databaseUrl, { accountId, id: randomUUID(), phone: PHONE, kind: 'message' });
    const args = ['forget', '--to', '06 39 98 00 01', '--account', accountId];
    const refused = await fails(2, args);
    assert.match(
      refused,
      /^This erases granted requests: 1, replies: 1\. .*not recognised as an opt-out\. Standard input is not a terminal: pass --yes to continue\.$/,
    );
    const io = captureIo({ env: environment(), input: '2\n' });
    assert.equal(await runCli(args, { ...io, stdin: Object.assign(io.stdin, { isTTY: true }) }), 0);
    assert.match(io.written.stderr, / Type 2 to continue: $/);
    assert.match(io.written.stdout, /^Erased granted requests: 1, replies: 1\./);
    await ok(['opt-outs', 'add', '--account', accountId, '--to', PHONE]);
    assert.equal(await ok(args), 'There is nothing to erase. Opt-outs that stay: 1.');
    assert.deepEqual(await json(args), { outreach: 0, inboundMessages: 0, keptOptOuts: 1 });
  });

  it('names the variable that is missing', async () => {
    const { exitCode, stderr } = await runSms(['opt-outs', 'list'], { env: {} });
    assert.equal(exitCode, 2);
    assert.match(stderr, /DATABASE_URL: required/);
  });
});
