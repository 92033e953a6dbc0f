import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { CLAIM_WORKFLOW_TYPE, claimWorkflowIdFor } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { smsAttributesOf } from '../support/run-history.js';
import { assertRejects, createRunsFixture, type RunsFixture } from './runs-fixture.js';

const ownerOf = (name: string) => ({ workflowId: `sms-${name}`, originalRunId: randomUUID() });
const newMessage = () => ({ accountId: randomUUID(), messageId: randomUUID() });

describe('a claim on a message', () => {
  let fixture: RunsFixture;
  before(async () => {
    fixture = await createRunsFixture();
  });
  after(() => fixture.close());

  const rawId = (accountId: string, messageId: string) =>
    claimWorkflowIdFor(accountId, createHash('sha256').update(messageId).digest('hex').slice(0, 40));

  for (const kind of ['temporal', 'nativeTemporal'] as const) {
    it(`goes to one of ten concurrent runs, and all learn which (${kind})`, async () => {
      const runs = fixture.createRuns({ client: fixture[kind] });
      const message = newMessage();
      assert.equal(await runs.findClaim(message), undefined);
      const owners = Array.from({ length: 10 }, (_, index) => ownerOf(`run-${index}`));
      const learnt = await Promise.all(owners.map((owner) => runs.claim(message, owner)));
      const [winner] = learnt;
      assert.ok(owners.some((owner) => owner.workflowId === winner?.workflowId));
      for (const owner of learnt) assert.deepEqual(owner, winner);
      assert.deepEqual(await runs.findClaim(message), winner);
    });
  }

  it('stays its owner’s when it claims again, even after the claim has completed', async () => {
    const { runs, temporal } = fixture;
    const message = newMessage();
    const owner = ownerOf('again');
    assert.deepEqual(await runs.claim(message, owner), owner);
    const handle = temporal.workflow.getHandle(rawId(message.accountId, message.messageId));
    assert.deepEqual(await handle.result(), owner);
    assert.deepEqual(await runs.claim(message, owner), owner);
    assert.deepEqual(await runs.claim(message, ownerOf('late')), owner);
    assert.deepEqual(await runs.findClaim(message), owner);

    const { memo, typedSearchAttributes } = await handle.describe();
    assert.deepEqual(memo, { accountId: message.accountId, workflowId: owner.workflowId });
    assert.deepEqual(smsAttributesOf({ typedSearchAttributes }), { SmsAccountId: message.accountId });
  });

  it('is valid without a worker, and ends by itself', async () => {
    const { temporal } = fixture;
    const runs = fixture.createRuns({ taskQueue: `nobody-${randomUUID()}` });
    const message = newMessage();
    const owner = ownerOf('no-worker');
    assert.deepEqual(await runs.claim(message, owner), owner);
    assert.deepEqual(await runs.claim(message, ownerOf('other')), owner);
    assert.deepEqual(await runs.findClaim(message), owner);
    const handle = temporal.workflow.getHandle(rawId(message.accountId, message.messageId));
    const { raw } = await handle.describe();
    assert.equal(raw.workflowExecutionInfo?.status, 1);
    assert.equal(Number(raw.executionConfig?.workflowRunTimeout?.seconds), 86_400);

    // An operator who terminates it, or the time-out, does not free the message.
    await handle.terminate();
    assert.deepEqual(await runs.claim(message, ownerOf('third')), owner);
  });

  it('is unique per account and message, for any message id', async () => {
    const { runs, temporal } = fixture;
    const accountId = randomUUID();
    const plain = createHash('sha1').update(accountId).digest('hex');
    const messageIds = [
      plain,
      plain.toUpperCase(),
      `${plain} `,
      'x'.repeat(5_000),
      "' OR 1=1 --",
      '../é€',
      '',
    ];
    for (const [index, messageId] of messageIds.entries()) {
      const owner = ownerOf(`of-${index}`);
      assert.deepEqual(await runs.claim({ accountId, messageId }, owner), owner, `message ${index}`);
    }
    const elsewhere = ownerOf('of-another-account');
    assert.deepEqual(await runs.claim({ accountId: randomUUID(), messageId: plain }, elsewhere), elsewhere);
    // The account id is the same in capital letters: runs started by hand may write it so.
    const first = await runs.findClaim({ accountId, messageId: plain });
    assert.equal(first?.workflowId, 'sms-of-0');
    assert.deepEqual(await runs.findClaim({ accountId: accountId.toUpperCase(), messageId: plain }), first);
    // A usual id can be read off the claim's own id.
    await temporal.workflow.getHandle(`sms-claim-${accountId}-${plain}`).describe();
  });

  const strangers: readonly (readonly [string, string, unknown[]])[] = [
    ['another type', 'otherWorkflow', [{ owner: ownerOf('x') }]],
    ['no input', CLAIM_WORKFLOW_TYPE, []],
    ['no owner', CLAIM_WORKFLOW_TYPE, [{ owner: null }]],
    ['half an owner', CLAIM_WORKFLOW_TYPE, [{ owner: { workflowId: 'secret-id' } }]],
    ['empty ids', CLAIM_WORKFLOW_TYPE, [{ owner: { workflowId: '', originalRunId: '' } }]],
  ];
  for (const [name, type, args] of strangers) {
    it(`is an error and nobody’s when its run has ${name}`, async () => {
      const { runs, temporal } = fixture;
      const message = newMessage();
      const workflowId = rawId(message.accountId, message.messageId);
      await temporal.workflow.start(type, { workflowId, taskQueue: `nobody-${randomUUID()}`, args });
      const expected = 'A message is claimed, but its owner cannot be read.';
      await assertRejects(runs.findClaim(message), expected);
      await assertRejects(runs.claim(message, ownerOf('y')), expected);
      await temporal.workflow.getHandle(workflowId).terminate();
    });
  }

  describe('whose input is encrypted', () => {
    const dataConverter = createDataConverter([{ id: 'k', key: randomBytes(32) }]);
    const bound = () =>
      new Client({ ...fixture.temporal.options, connection: fixture.temporal.connection, dataConverter });
    const unreadable = 'A message is claimed, but its owner cannot be read.';

    it('is its owner’s for readers with the key', async () => {
      const runs = fixture.createRuns({ client: bound(), unprovenClaims: 'refused' });
      const [message, owner] = [newMessage(), ownerOf('bound')];
      assert.deepEqual(await runs.claim(message, owner), owner);
      assert.deepEqual(await runs.findClaim(message), owner);
    });

    it('is an error and nobody’s when copied from the claim on another message', async () => {
      const client = bound();
      const runs = fixture.createRuns({ client });
      const [message, copied] = [newMessage(), newMessage()];
      await runs.claim(message, ownerOf('first'));
      const { events } = await client.workflow
        .getHandle(rawId(message.accountId, message.messageId))
        .fetchHistory();
      await client.workflowService.startWorkflowExecution({
        namespace: 'default',
        workflowId: rawId(copied.accountId, copied.messageId),
        requestId: randomUUID(),
        workflowType: { name: CLAIM_WORKFLOW_TYPE },
        taskQueue: { name: `nobody-${randomUUID()}` },
        input: events?.[0]?.workflowExecutionStartedEventAttributes?.input ?? null,
      });
      await assertRejects(runs.findClaim(copied), unreadable);
      await assertRejects(runs.claim(copied, ownerOf('second')), unreadable);
    });

    it('is an error and nobody’s when unencrypted where encryption is required', async () => {
      const [message, owner] = [newMessage(), ownerOf('plain')];
      await fixture.runs.claim(message, owner);
      const strict = fixture.createRuns({ client: bound(), unprovenClaims: 'refused' });
      await assertRejects(strict.findClaim(message), unreadable);
      assert.deepEqual(await fixture.createRuns({ client: bound() }).findClaim(message), owner);
    });
  });

  for (const kind of ['temporal', 'nativeTemporal'] as const) {
    it(`is an error, not “nobody’s”, when Temporal does not know the namespace (${kind})`, async () => {
      const { connection } = fixture[kind];
      const runs = fixture.createRuns({ client: new Client({ connection, namespace: 'nowhere' }) });
      const message = newMessage();
      await assertRejects(
        runs.findClaim(message),
        'Temporal failed to read the start of a run (gRPC status 5).',
      );
      await assertRejects(runs.claim(message, ownerOf('z')), 'Temporal failed to start a claim.');
    });
  }

  it('is not listed as a run to a number', async () => {
    const { runs, temporal } = fixture;
    const line = fixture.line();
    await runs.claim({ accountId: line.accountId, messageId: 'm' }, ownerOf('w'));
    await waitUntil('the claim to be listed', async () => {
      const { count } = await temporal.workflow.count(`SmsAccountId = '${line.accountId}'`);
      return count === 1;
    });
    assert.deepEqual(await runs.listOwningRuns({ ...line, sinceMs: Date.now() - 60_000 }), []);
  });
});
