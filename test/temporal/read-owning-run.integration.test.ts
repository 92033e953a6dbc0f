import assert from 'node:assert/strict';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import { createDecodeFirst } from '../../src/temporal/decode-first.js';
import { readOwningRun } from '../../src/temporal/read-owning-run.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { assertRejects } from './runs-fixture.js';

const { History } = proto.temporal.api.history.v1;

/** An event as written by hand: event ids are plain numbers. */
type Event = Readonly<Record<string, object>>;

const CANNOT_BE_READ = 'A run may own a message, but this worker cannot read its id.';

const payloadsOf = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
const raw = (encoding: string, data: string): { payloads: Payload[] } => ({
  payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }],
});

const started = (input = payloadsOf({ message: 'Bonjour' })): Event => ({
  workflowExecutionStartedEventAttributes: { originalExecutionRunId: 'original', input },
});
const scheduled = (name: string): Event => ({
  activityTaskScheduledEventAttributes: { activityType: { name } },
});
const completed = (scheduledEvent: number, result?: { payloads: Payload[] }): Event => ({
  activityTaskCompletedEventAttributes: {
    scheduledEventId: scheduledEvent,
    ...(result === undefined ? {} : { result }),
  },
});
const request = (updateId: string, args: { payloads: Payload[] }, name = 'resolveSend') => ({
  meta: { updateId },
  input: { name, args },
});
const acceptedUpdate = (...parameters: Parameters<typeof request>): Event => ({
  workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: request(...parameters) },
});

/** Reads a history made of these events, which are numbered from 1. */
const read = (events: Event[], converter = loadDataConverter()) =>
  readOwningRun(
    'wf',
    History.fromObject({ events: events.map((event, index) => ({ ...event, eventId: index + 1 })) }).events,
    createDecodeFirst(converter),
  );

const messageIdsIn = async (events: Event[]) => (await read([started(), ...events])).messageIds;

describe('reading what a run owns from its history', () => {
  it('reads owner and text from its start', async () => {
    assert.deepEqual(await read([started()]), {
      owner: { workflowId: 'wf', originalRunId: 'original' },
      text: 'Bonjour',
      messageIds: [],
      requestOut: false,
    });
  });

  it('fails for a history without a start', async () => {
    const sentence = 'The history of a run does not begin with its start.';
    await assertRejects(read([]), sentence);
    await assertRejects(read([scheduled('sendSms')]), sentence);
  });

  it('has no text when the input holds none', async () => {
    for (const input of [payloadsOf(null), payloadsOf({ message: 7 }), payloadsOf('x'), { payloads: [] }]) {
      assert.equal((await read([started(input)])).text, undefined);
    }
  });

  it('sees a request out from its scheduling until it ends in any way', async () => {
    const out = [started(), scheduled('sendSms')];
    assert.equal((await read(out)).requestOut, true);
    const at = { scheduledEventId: 2 };
    for (const end of [
      { activityTaskCompletedEventAttributes: at },
      { activityTaskFailedEventAttributes: at },
      { activityTaskTimedOutEventAttributes: at },
      { activityTaskCanceledEventAttributes: at },
    ]) {
      assert.equal((await read([...out, end])).requestOut, false);
      assert.equal((await read([...out, end, scheduled('sendSms')])).requestOut, true);
    }
    assert.equal((await read([...out, { activityTaskStartedEventAttributes: at }])).requestOut, true);
    assert.equal((await read([...out, { activityTaskCancelRequestedEventAttributes: at }])).requestOut, true);
    const another = { activityTaskFailedEventAttributes: { scheduledEventId: 3 } };
    assert.equal((await read([...out, scheduled('findSentSms'), another])).requestOut, true);
  });

  it('sees no request out in a closed run', async () => {
    for (const end of [
      { workflowExecutionCompletedEventAttributes: {} },
      { workflowExecutionFailedEventAttributes: {} },
      { workflowExecutionTimedOutEventAttributes: {} },
      { workflowExecutionTerminatedEventAttributes: {} },
      { workflowExecutionCanceledEventAttributes: {} },
      { workflowExecutionContinuedAsNewEventAttributes: {} },
    ]) {
      assert.equal((await read([started(), scheduled('sendSms'), end])).requestOut, false);
    }
  });

  it('names each id once', async () => {
    const events = [scheduled('sendSms'), completed(2, payloadsOf({ messageId: 'a' }))];
    const end = { workflowExecutionCompletedEventAttributes: { result: payloadsOf({ messageId: 'a' }) } };
    assert.deepEqual(await messageIdsIn([...events, end]), ['a']);
  });

  it('ignores results that name no message', async () => {
    for (const result of [
      undefined,
      ...[null, undefined, 'a', 7, {}, { messageId: 7 }, { messageId: '' }].map(payloadsOf),
    ]) {
      assert.deepEqual(await messageIdsIn([scheduled('sendSms'), completed(2, result)]), []);
    }
    const row = payloadsOf({ messageId: 'a', verdict: 'clean' });
    assert.deepEqual(await messageIdsIn([scheduled('findSentSms'), completed(2, row)]), []);
    assert.deepEqual(
      await messageIdsIn([scheduled('constructor'), completed(2, payloadsOf({ messageId: 'a' }))]),
      [],
    );
  });

  const ended = (updateId: string, outcome: object): Event => ({
    workflowExecutionUpdateCompletedEventAttributes: { meta: { updateId }, outcome },
  });
  const carriedOut = (...parameters: Parameters<typeof acceptedUpdate>) => [
    acceptedUpdate(...parameters),
    ended('1', { success: {} }),
  ];

  it('reads decisions that it was sent from updates', async () => {
    const decided = payloadsOf({ sent: true, messageId: 'a' });
    assert.deepEqual(await messageIdsIn(carriedOut('1', decided)), ['a']);
    assert.deepEqual(await messageIdsIn(carriedOut('1', decided, 'another')), []);
    for (const other of [
      { resend: true },
      { abandon: true },
      { sent: false, messageId: 'a' },
      { sent: true },
      'a',
      null,
    ]) {
      assert.deepEqual(await messageIdsIn(carriedOut('1', payloadsOf(other))), []);
    }
  });

  it('reads from a reset run the decisions that the previous run had accepted', async () => {
    const admitted = {
      workflowExecutionUpdateAdmittedEventAttributes: {
        request: request('1', payloadsOf({ sent: true, messageId: 'a' })),
      },
    };
    // Its acceptance does not repeat the request.
    const accepted = { workflowExecutionUpdateAcceptedEventAttributes: { protocolInstanceId: '1' } };
    assert.deepEqual(await messageIdsIn([admitted, accepted, ended('1', { success: {} })]), ['a']);
    // Refused by the reset run, which writes nothing; or still being taken.
    assert.deepEqual(await messageIdsIn([admitted]), []);
    assert.deepEqual(await messageIdsIn([admitted, accepted]), []);
  });

  it('drops a decision that failed after its acceptance, or is incomplete', async () => {
    const events = ['a', 'b', 'c'].map((id) => acceptedUpdate(id, payloadsOf({ sent: true, messageId: id })));
    const ends = [ended('b', { failure: { message: '' } }), ended('c', { success: {} })];
    assert.deepEqual(await messageIdsIn([...events, ...ends]), ['c']);
  });

  const unreadable: readonly (readonly [string, ReturnType<typeof raw>])[] = [
    ['damaged JSON', raw('json/plain', '{"messageId":"s')],
    ['encrypted under an unknown key', raw('binary/encrypted', 'secret')],
    ['of an unknown encoding', raw('binary/strange', 'secret')],
  ];
  // The second one makes `undefined` of much that it cannot read.
  const converters = {
    'default converter': loadDataConverter(),
    'worker’s converter': loadDataConverter(createDataConverter([])),
  };
  for (const [name, converter] of Object.entries(converters)) {
    for (const [what, payloads] of unreadable) {
      it(`fails when data that may name a message is ${what} (${name})`, async () => {
        for (const events of [
          [scheduled('sendSms'), completed(2, payloads)],
          [scheduled('findSentSms'), completed(2, payloads)],
          [{ workflowExecutionCompletedEventAttributes: { result: payloads } }],
          carriedOut('1', payloads),
        ]) {
          await assertRejects(read([started(), ...events], converter), CANNOT_BE_READ);
        }
      });

      it(`has no text when the input is ${what} (${name})`, async () => {
        const run = await read([started(payloads), scheduled('sendSms')], converter);
        assert.deepEqual([run.text, run.requestOut], [undefined, true]);
      });

      it(`ignores data that is ${what} when it names no message (${name})`, async () => {
        const events = [started(), scheduled('decryptApiKey'), completed(2, payloads)];
        assert.deepEqual((await read(events, converter)).messageIds, []);
      });
    }
  }
});
