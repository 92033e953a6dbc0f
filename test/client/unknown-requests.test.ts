import assert from 'node:assert/strict';
import { msToTs } from '@temporalio/common/lib/time.js';
import { unknownRequestsOf } from '../../src/client/retry/unknown-requests.js';
import type { HistoryEvent } from '../../src/temporal/history-events.js';

const RUN = { wasReset: false, wasInterrupted: false, saysUnknown: false, endedAtMs: 100_000 };

/** Events with ids from 1, a second apart, the first at 0. */
function history(...events: Omit<HistoryEvent, 'eventId' | 'eventTime'>[]): HistoryEvent[] {
  return events.map((event, index) => ({
    ...event,
    eventId: (index + 1) as never,
    eventTime: msToTs(index * 1_000),
  }));
}
const started = { workflowExecutionStartedEventAttributes: {} };
const scheduled = (name: string) => ({ activityTaskScheduledEventAttributes: { activityType: { name } } });
const failed = (scheduledEventId: number, type: string) => ({
  activityTaskFailedEventAttributes: {
    scheduledEventId: scheduledEventId as never,
    failure: { applicationFailureInfo: { type } },
  },
});
const timedOut = (id: number) => ({ activityTaskTimedOutEventAttributes: { scheduledEventId: id as never } });
const cancelled = (id: number) => ({
  activityTaskCanceledEventAttributes: { scheduledEventId: id as never },
});

describe('the time in which an ended run may have sent', () => {
  it('is empty without a request', () => {
    const events = history(started, scheduled('loadEncryptedApiKey'));
    assert.equal(unknownRequestsOf(events, RUN), undefined);
    assert.equal(unknownRequestsOf(events, { ...RUN, wasInterrupted: true }), undefined);
  });

  for (const type of ['MESSAGE_SEND_FAILED', 'API_KEY_INVALID']) {
    it(`depends on the sent messages when the provider refused the request as ${type}`, () => {
      const events = history(
        started,
        scheduled('sendSms'),
        failed(2, 'RATE_LIMITED'),
        scheduled('sendSms'),
        failed(4, type),
      );
      assert.deepEqual(unknownRequestsOf(events, RUN), { fromMs: 3_000, toMs: 4_000, isRefused: true });
      assert.deepEqual(unknownRequestsOf(events, { ...RUN, saysUnknown: true }), {
        fromMs: 3_000,
        toMs: 4_000,
      });
    });
  }

  it('depends on the sent messages when the provider reported that its phone missed the request', () => {
    const events = history(started, scheduled('sendSms'), failed(2, 'PROVIDER_UNAVAILABLE'));
    const missedByPhone = new Set(['2']);
    assert.deepEqual(unknownRequestsOf(events, { ...RUN, missedByPhone }), {
      fromMs: 1_000,
      toMs: 2_000,
      isRefused: true,
    });
    const unclear = [
      ...events,
      ...history(started, scheduled('x'), scheduled('x'), scheduled('sendSms'), failed(4, '')).slice(3),
    ];
    assert.deepEqual(unknownRequestsOf(unclear, { ...RUN, missedByPhone }), { fromMs: 1_000, toMs: 4_000 });
  });

  for (const type of ['PROVIDER_UNAVAILABLE', 'MESSAGE_EXPIRED', 'PayloadKeyUnknown']) {
    it(`is empty when its request failed as ${type}, unless the run was interrupted`, () => {
      const events = history(started, scheduled('sendSms'), failed(2, type));
      assert.equal(unknownRequestsOf(events, RUN), undefined);
      assert.deepEqual(unknownRequestsOf(events, { ...RUN, wasInterrupted: true }), {
        fromMs: 1_000,
        toMs: 2_000,
      });
    });
  }

  it('is empty when its request was cancelled before it began', () => {
    assert.equal(unknownRequestsOf(history(started, scheduled('sendSms'), cancelled(2)), RUN), undefined);
  });

  for (const type of ['SEND_OUTCOME_UNKNOWN', 'TypeError', '']) {
    it(`spans its request when it failed as "${type}"`, () => {
      const events = history(
        started,
        scheduled('sendSms'),
        failed(2, 'RATE_LIMITED'),
        scheduled('sendSms'),
        failed(4, type),
      );
      assert.deepEqual(unknownRequestsOf(events, RUN), { fromMs: 3_000, toMs: 4_000 });
    });
  }

  it('lasts one HTTP request longer when Temporal gave the request up', () => {
    const events = history(started, scheduled('sendSms'), timedOut(2));
    assert.deepEqual(unknownRequestsOf(events, RUN), { fromMs: 1_000, toMs: 32_000 });
  });

  it('lasts until the time-outs have passed when it ended with a request out', () => {
    const events = history(started, scheduled('sendSms'));
    const run = { ...RUN, wasInterrupted: true };
    assert.deepEqual(unknownRequestsOf(events, run), { fromMs: 1_000, toMs: 230_000 });
  });

  it('begins with its start when it was reset, as its history omits the run before', () => {
    assert.deepEqual(unknownRequestsOf(history(started), { ...RUN, wasReset: true }), {
      fromMs: 0,
      toMs: 230_000,
    });
  });

  it('spans the run when it reports so itself, even without a visible request', () => {
    assert.deepEqual(unknownRequestsOf(history(started), { ...RUN, saysUnknown: true }), {
      fromMs: 0,
      toMs: 100_000,
    });
  });
});
