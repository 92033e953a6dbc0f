import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createRecipientKeys } from '../../src/encryption/recipient-key.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { searchAttribute } from '../../src/workflows/search-attributes.js';
import {
  accepted,
  anHourAgo,
  assertRejects,
  createRunsFixture,
  ownerOf,
  recipientKeys,
  type RunsFixture,
} from './runs-fixture.js';

describe('the runs that may own messages to a number', () => {
  let fixture: RunsFixture;
  before(async () => {
    fixture = await createRunsFixture();
  });
  after(() => fixture.close());

  it('are none for a new number', async () => {
    assert.deepEqual(await fixture.runs.listOwningRuns({ ...fixture.line(), sinceMs: anHourAgo() }), []);
  });

  it('exclude runs of another account, another number or another workflow', async () => {
    const { temporal, taskQueue } = fixture;
    const line = fixture.line();
    const sameAccount = fixture.line({ accountId: line.accountId });
    const sameNumber = fixture.line({ recipientPhone: line.recipientPhone });
    const other = { script: [accepted('other')], end: {} };
    await fixture.start(sameAccount, other);
    await fixture.start(sameNumber, other);
    const [key = ''] = recipientKeys(line.recipientPhone);
    const stranger = await temporal.workflow.start('strangeWorkflow', {
      workflowId: `strange-${randomUUID()}`,
      taskQueue: `nobody-${taskQueue}`,
      typedSearchAttributes: [
        searchAttribute('SmsAccountId', line.accountId),
        searchAttribute('SmsRecipientKey', key),
      ],
    });
    const own = await fixture.start(line, { script: [accepted('own')], end: {} });
    for (const [its, id] of [
      [sameAccount, 'other'],
      [sameNumber, 'other'],
      [line, 'own'],
    ] as const) {
      await fixture.listUntil('it to be listed', its, ([run]) => run?.messageIds.includes(id) === true);
    }
    await waitUntil('the stranger to be listed', async () => {
      const { count } = await temporal.workflow.count(`WorkflowId = '${stranger.workflowId}'`);
      return count === 1;
    });
    const runs = await fixture.runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
    assert.deepEqual(
      runs.map(({ owner }) => owner),
      [ownerOf(own)],
    );
    await stranger.terminate();
  });

  it('are found on any task queue, and with the account id in any spelling', async () => {
    const line = fixture.line();
    await fixture.start(line, { script: [{ until: 'decided' }] });
    await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    const elsewhere = fixture.createRuns({ taskQueue: 'another' });
    const accountId = line.accountId.toUpperCase();
    assert.equal((await elsewhere.listOwningRuns({ ...line, accountId, sinceMs: Date.now() })).length, 1);
  });

  it('are found after a rotation of the payload keys, under the old and the new digest', async () => {
    const line = fixture.line();
    const [older, newer] = ['k1', 'k2'].map((id) => ({ id, key: randomBytes(32) }));
    assert.ok(older && newer);
    for (const key of [older, newer]) {
      const [recipientKey = ''] = createRecipientKeys([key])(line.recipientPhone);
      await fixture.start(line, { script: [accepted(`under-${key.id}`)], end: {} }, { recipientKey });
    }
    const idsUnder = async (...keys: { id: string; key: Buffer }[]) => {
      const runs = fixture.createRuns({ recipientKeys: createRecipientKeys(keys) });
      const list = await runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
      return list.flatMap(({ messageIds }) => messageIds).sort();
    };
    await waitUntil('both to be listed', async () => (await idsUnder(newer, older)).length === 2);
    assert.deepEqual(await idsUnder(newer, older), ['under-k1', 'under-k2']);
    assert.deepEqual(await idsUnder(newer), ['under-k2']);
    assert.deepEqual(await idsUnder(), []);
  });

  it('are left out when they closed more than 15 minutes before the given time', async () => {
    const line = fixture.line();
    const handle = await fixture.start(line, { script: [accepted('m')], end: {} });
    await handle.result();
    const countSince = async (sinceMs: number) =>
      (await fixture.runs.listOwningRuns({ ...line, sinceMs })).length;
    await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    // Visibility takes a while to learn that it was closed.
    await waitUntil('it to be left out', async () => (await countSince(Date.now() + 20 * 60_000)) === 0);
    assert.equal(await countSince(Date.now() + 10 * 60_000), 1);
  });

  it('are read over all pages', async () => {
    const line = fixture.line();
    const script = [{ until: 'decided' as const }];
    const handles = await Promise.all(Array.from({ length: 5 }, () => fixture.start(line, { script })));
    const ended = await fixture.start(line, { script: [accepted('m')], end: {} });
    await ended.result();
    const expected = [...handles, ended].map(({ workflowId }) => workflowId).sort();
    await fixture.listUntil('all to be listed', line, (runs) => runs.length === expected.length);
    for (const pageSize of [1, 2, 3, 6, 7]) {
      const runs = fixture.createRuns({ pageSize });
      const list = await runs.listOwningRuns({ ...line, sinceMs: anHourAgo() });
      assert.deepEqual(list.map(({ owner }) => owner.workflowId).sort(), expected, `pages of ${pageSize}`);
    }
  });

  it('are safe from query injection', async () => {
    const line = fixture.line();
    await fixture.start(line, { script: [{ until: 'decided' }] });
    await fixture.listUntil('the run to be listed', line, (runs) => runs.length === 1);
    for (const accountId of [
      `${line.accountId}' OR WorkflowType = '${WORKFLOW_TYPE}`,
      `x\\' OR SmsAccountId = '${line.accountId}' OR SmsAccountId = 'x`,
      `'`,
      `\\`,
      `"`,
    ]) {
      assert.deepEqual(await fixture.runs.listOwningRuns({ ...line, accountId, sinceMs: Date.now() }), []);
    }
  });

  it('are an error when closed runs of that time may have been deleted', async () => {
    const line = fixture.line();
    const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;
    // The development server keeps them for a day.
    assert.deepEqual(await fixture.runs.listOwningRuns({ ...line, sinceMs: hoursAgo(22.9) }), []);
    await assertRejects(
      fixture.runs.listOwningRuns({ ...line, sinceMs: hoursAgo(23.1) }),
      'Runs that may own a message are older than the retention of the namespace.',
    );
  });
});
