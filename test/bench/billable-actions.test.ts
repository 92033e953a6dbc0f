import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { countBillableActions } from '../../tools/bench/shapes/billable-actions.js';

const { EventType } = proto.temporal.api.enums.v1;

async function readEvents(name: string) {
  const json = await readFile(new URL(`../histories/${name}.json`, import.meta.url), 'utf8');
  return historyFromJSON(JSON.parse(json)).events ?? [];
}

describe('the billable actions of a run', () => {
  it('are 3 for a send: its start, two local activities in one workflow task, one activity', async () => {
    assert.equal(countBillableActions(await readEvents('success')), 3);
  });

  for (const [name, actions, parts] of [
    ['RATE_LIMITED-then-success', 6, 'start, 2 activities, a timer, local activities in 2 workflow tasks'],
    ['DATABASE_UNAVAILABLE-then-success', 7, 'start, 2 activities, 2 retries, local activities in 2 tasks'],
    ['MESSAGE_REQUIRED', 4, 'start, upsert of the memo, 2 upserts of search attributes'],
    ['SEND_OUTCOME_UNKNOWN', 11, 'start, 3 activities, 2 timers, 2 upserts, local activities in 3 tasks'],
    ['unknown-then-held-then-named', 15, 'start, 4 activities, 3 timers, 3 upserts, an update, 3 tasks'],
    ['cancelled-in-back-off', 5, 'start, an activity, a timer, local activities in 2 tasks; no cancellation'],
  ] as const) {
    it(`are ${actions} for ${name}: ${parts}`, async () => {
      assert.equal(countBillableActions(await readEvents(name)), actions);
    });
  }

  it('include a signal, but no marker of another kind', () => {
    const marker = (markerName: string) => ({
      eventType: EventType.EVENT_TYPE_MARKER_RECORDED,
      markerRecordedEventAttributes: { markerName },
    });
    const signal = { eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED };
    assert.equal(countBillableActions([marker('core_patch'), signal, signal]), 2);
  });

  it('are 0 without events', () => {
    assert.equal(countBillableActions([]), 0);
  });
});
