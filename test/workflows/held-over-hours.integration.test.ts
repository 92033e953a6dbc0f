import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { SmsError } from '../../src/domain/errors.js';
import { RESOLVE_SEND } from '../../src/domain/send-decision.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { CLEAN, codeOf, HOUR_MS, reconcileOverHours, SILENT } from './reconcile-over-hours.js';

const DAY_MS = 24 * HOUR_MS;

/** By so much two days may differ, as each ask is a little late by chance. */
const EVENTS_OF_TWO_ASKS = 26;

/** The number of events in each day of a history. */
function eventsOfDays({
  events,
}: Awaited<ReturnType<ReturnType<typeof reconcileOverHours>>>['history']): number[] {
  const times = (events ?? []).map(({ eventTime }) => tsToMs(eventTime));
  const counts: number[] = [];
  for (const time of times) {
    const day = Math.floor((time - Math.min(...times)) / DAY_MS);
    counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
}

describe('runs held for hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const send = reconcileOverHours(() => environment);

  it('ends as SEND_OUTCOME_UNKNOWN at the deadline, with few events', async () => {
    const { result, hours, history, requests } = await send(() => SILENT);
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
    assert.ok(hours >= 24 && hours < 24.1, `${hours} h`);
    assert.ok((history.events?.length ?? 0) < 2_000, `${history.events?.length ?? 0} events`);
  });

  it('stays within the history limit when held for thirty days', async () => {
    const days = 5;
    const expiresAt = new Date((await environment.currentTimeMs()) + days * DAY_MS).toISOString();
    const { result, hours, history } = await send(() => CLEAN, { onUnknown: 'hold', expiresAt });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.ok(hours > days * 24 - 1, `${hours} h`);
    // From the second day on every day is the same; the slow lane holds a run for all thirty days.
    const perDay = eventsOfDays(history);
    const steady = perDay.slice(2, days);
    assert.ok(Math.max(...steady) - Math.min(...steady) <= EVENTS_OF_TWO_ASKS, perDay.join(' '));
    const events = (history.events?.length ?? 0) + (30 - days) * Math.max(...steady);
    assert.ok(events < 15_000, `${events} events: ${perDay.join(' ')}`);
  });

  it('resends on an operator’s order at the first check with an available key', async () => {
    let isDatabaseDown = false;
    const accounts = {
      findEncryptedApiKey: () =>
        isDatabaseDown
          ? Promise.reject(new SmsError('DATABASE_UNAVAILABLE'))
          : Promise.resolve({ encryptedApiKey: 'stored' }),
    };
    const { result, requests } = await send(
      () => CLEAN,
      { onUnknown: 'hold', unknownChecksMs: [100] },
      {
        accounts,
        async meanwhile(run) {
          const detailsAre = (pattern: RegExp) =>
            waitUntil(`the details to be like ${String(pattern)}`, async () =>
              pattern.test(
                (await run.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails,
              ),
            );
          await detailsAre(/^Held: /);
          isDatabaseDown = true;
          await run.executeUpdate(RESOLVE_SEND, { args: [{ resend: true }] });
          await detailsAre(/a resend was ordered, but the API key is unavailable/);
          isDatabaseDown = false;
        },
      },
    );
    assert.ok('value' in result);
    assert.equal(requests, 2);
  });
});
