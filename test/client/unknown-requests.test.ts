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

describe('when a run that has ended may have sent', () => {
  it('never, without a request', () => {
    const events = history(started, scheduled('loadEncryptedApiKey'));
    assert.equal(unknownRequestsOf(events, RUN), undefined);
    assert.equal(unknownRequestsOf(events, { ...RUN, wasInterrupted: true }), undefined);
  });

  for (const type of ['MESSAGE_SEND_FAILED', 'API_KEY_INVALID']) {
    it(`by what the provider shows, where it has refused the request as ${type}`, () => {
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

  it('by what the provider shows, where it has said that its phone missed the request', () => {
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
    it(`never, where its request failed as ${type}; unless it was kept from saying what it knew`, () => {
      const events = history(started, scheduled('sendSms'), failed(2, type));
      assert.equal(unknownRequestsOf(events, RUN), undefined);
      assert.deepEqual(unknownRequestsOf(events, { ...RUN, wasInterrupted: true }), {
        fromMs: 1_000,
        toMs: 2_000,
      });
    });
  }

  it('never, where its request was cancelled before it began', () => {
    assert.equal(unknownRequestsOf(history(started, scheduled('sendSms'), cancelled(2)), RUN), undefined);
  });

  for (const type of ['SEND_OUTCOME_UNKNOWN', 'TypeError', '']) {
    it(`while its request was out, where that failed as "${type}"`, () => {
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

  it('and for the time of an HTTP request more, where Temporal gave it up', () => {
    const events = history(started, scheduled('sendSms'), timedOut(2));
    assert.deepEqual(unknownRequestsOf(events, RUN), { fromMs: 1_000, toMs: 32_000 });
  });

  it('until its time-outs have passed, where it ended with a request out', () => {
    const events = history(started, scheduled('sendSms'));
    const run = { ...RUN, wasInterrupted: true };
    assert.deepEqual(unknownRequestsOf(events, run), { fromMs: 1_000, toMs: 230_000 });
  });

  it('since its start, where it was reset: what the run before did is not in its history', () => {
    assert.deepEqual(unknownRequestsOf(history(started), { ...RUN, wasReset: true }), {
      fromMs: 0,
      toMs: 230_000,
    });
  });

  it('where it says so itself, though no request is seen', () => {
    assert.deepEqual(unknownRequestsOf(history(started), { ...RUN, saysUnknown: true }), {
      fromMs: 0,
      toMs: 100_000,
    });
  });
});
