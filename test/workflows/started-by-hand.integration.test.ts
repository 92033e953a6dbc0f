import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { decodeAll } from '../support/decode-all.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, rawTextOf, smsAttributesOf } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { startWithPayloads } from '../support/start-with-payloads.js';

const json = (value: unknown) => defaultPayloadConverter.toPayload(value);
const raw = (encoding: string, data: string): Payload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

describe('a run started without the client', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const start = (payloads: Payload[]) => startWithPayloads(fixture, payloads);

  async function describeRun(workflowId: string) {
    const { memo, typedSearchAttributes } = await fixture.temporal.workflow.getHandle(workflowId).describe();
    return {
      memo,
      attributes: smsAttributesOf({ typedSearchAttributes }),
    };
  }

  it('sends, and gets memo and search attributes from its job', async () => {
    const { client, simulator, accountId } = fixture;
    const metadata = { huntId: 'hunt-1', adId: 'ad-2', leadId: 'lead-3' };
    const job = fixture.job({ metadata });
    const workflowId = await start([json({ ...job, unknownField: 1 })]);
    const { messageId } = await client.get(workflowId).result();
    await simulator.waitForMessage(({ id }) => id === messageId);

    const { memo, attributes } = await describeRun(workflowId);
    assert.deepEqual(memo, { ...metadata, accountId });
    // The client computes the digest with the same key: runs to one number find each other, however
    // they were started.
    const sibling = await client.send(fixture.job({ recipientPhone: job.recipientPhone }));
    const ofSibling = (await describeRun(sibling.workflowId)).attributes;
    assert.deepEqual(attributes, {
      SmsAccountId: accountId,
      SmsHuntId: 'hunt-1',
      SmsAdId: 'ad-2',
      SmsLeadId: 'lead-3',
      SmsRecipientKey: ofSibling['SmsRecipientKey'],
    });
    await sibling.result();
  });

  const badJobs: readonly (readonly [
    string,
    Payload[],
    'VALIDATION_FAILED' | 'PHONE_NUMBER_INVALID' | 'MESSAGE_REQUIRED',
  ])[] = [
    ['no input', [], 'VALIDATION_FAILED'],
    ['null', [json(null)], 'VALIDATION_FAILED'],
    ['a text', [json('+33639980001')], 'VALIDATION_FAILED'],
    ['a list', [json([1, 2])], 'VALIDATION_FAILED'],
    ['JSON that is none', [raw('json/plain', '{"recipientPhone":')], 'VALIDATION_FAILED'],
    ['an encoding that nobody knows', [raw('binary/strange', 'x')], 'VALIDATION_FAILED'],
    ['bytes', [raw('binary/plain', 'x')], 'VALIDATION_FAILED'],
    [
      'an account that is not a UUID',
      [json({ recipientPhone: '+33639980001', message: 'x', accountId: '1' })],
      'VALIDATION_FAILED',
    ],
    [
      'a number that is not E.164',
      [json({ recipientPhone: '06 39 98 00 01', message: 'x', accountId: randomUUID() })],
      'PHONE_NUMBER_INVALID',
    ],
    [
      'a blank message',
      [json({ recipientPhone: '+33639980001', message: ' \n', accountId: randomUUID() })],
      'MESSAGE_REQUIRED',
    ],
  ];
  for (const [name, payloads, code] of badJobs) {
    it(`ends as ${code} at once, with no activity, when its input is ${name}`, async () => {
      const { client, temporal, simulator } = fixture;
      const requests = simulator.requestCount();
      const workflowId = await start(payloads);
      await expectSmsError(client.get(workflowId).result(), code);
      const history = await fetchHistory(temporal, workflowId);
      assert.deepEqual(activitiesIn(history), []);
      assert.ok(!(history.events ?? []).some((event) => event.workflowTaskFailedEventAttributes));
      assert.equal((await describeRun(workflowId)).attributes['SmsErrorCode'], code);
      assert.equal(simulator.requestCount(), requests);
    });
  }

  it('describes an invalid job by its well-formed ids', async () => {
    const accountId = randomUUID();
    const workflowId = await start([
      json({ accountId, metadata: { huntId: 'hunt 1', adId: 'ad-2', leadId: 7 } }),
    ]);
    await expectSmsError(fixture.client.get(workflowId).result(), 'VALIDATION_FAILED');
    const { memo, attributes } = await describeRun(workflowId);
    assert.deepEqual(memo, { accountId, adId: 'ad-2' });
    assert.deepEqual(attributes, {
      SmsAccountId: accountId,
      SmsAdId: 'ad-2',
      SmsErrorCode: 'VALIDATION_FAILED',
    });
  });

  it('refuses to run on a cron schedule, which would send repeatedly', async () => {
    const { temporal, taskQueue, simulator } = fixture;
    const requests = simulator.requestCount();
    const workflowId = `cron-${randomUUID()}`;
    const handle = await temporal.workflow.start(WORKFLOW_TYPE, {
      workflowId,
      taskQueue,
      args: [fixture.job()],
      cronSchedule: '@every 1s',
    });
    try {
      const failed = await waitUntil('the first run to fail', async () => {
        const { events } = await temporal.workflow
          .getHandle(workflowId, handle.firstExecutionRunId)
          .fetchHistory();
        const event = events?.find((found) => found.workflowExecutionFailedEventAttributes);
        return event && (await decodeAll(temporal, event));
      });
      const failure = failed.workflowExecutionFailedEventAttributes?.failure;
      assert.equal(failure?.applicationFailureInfo?.type, 'VALIDATION_FAILED');
      assert.match(rawTextOf(failure.encodedAttributes), /cron schedule/);
    } finally {
      await handle.terminate();
    }
    assert.equal(simulator.requestCount(), requests);
  });
});
