import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { LoggedSms } from '../../src/domain/sent-messages.js';
import { sendAttemptsIn } from '../support/run-history.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { assertMinutes, CLEAN, codeOf, LOST, MINUTE_MS, reconcileOverHours } from './reconcile-over-hours.js';

describe('reconciling over hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const send = reconcileOverHours(() => environment);

  it('checks the sent messages after 10 s, 30 s, 2 min and 5 min, and resends only then', async () => {
    const { result, minutes, history } = await send(() => CLEAN);
    assert.ok('value' in result);
    assert.equal(sendAttemptsIn(history), 2);
    // Then twice for a second message: at once, and when the window would end.
    assert.equal(minutes.length, 6);
    assertMinutes(minutes, [1 / 6, 1 / 2, 2, 5, 5, 10]);
    const timers = history.events?.flatMap(({ timerStartedEventAttributes: timer }) =>
      timer
        ? [
            Number(timer.startToFireTimeout?.seconds ?? 0) * 1_000 +
              (timer.startToFireTimeout?.nanos ?? 0) / 1e6,
          ]
        : [],
    );
    // Put off by chance, so that runs that failed in one moment do not look in one moment.
    assert.ok(
      timers?.[0] !== undefined && timers[0] >= 10_000 && timers[0] <= 12_000 && timers[0] !== 10_000,
      String(timers),
    );
  });

  it('fails with the provider’s code when its phone failed to send the message', async () => {
    const startMs = await environment.currentTimeMs();
    const row: LoggedSms = {
      messageIds: ['c'.repeat(40)],
      number: '+33639980001',
      text: 'Bonjour',
      time: { kind: 'exact', atMs: startMs + 1_000 },
      failure: 'no_service',
    };
    const { result, requests } = await send(() => ({
      kind: 'read',
      rows: [row],
      incomplete: undefined,
      reachesBack: true,
    }));
    assert.equal(codeOf(result), 'MESSAGE_SEND_FAILED');
    const { failure } = result as { failure: { details: unknown[] } };
    assert.deepEqual(failure.details, [{ attempt: 1, providerCode: 'no_service' }]);
    assert.equal(requests, 1);
  });

  it('does not accept one failed request as proof when another is unexplained', async () => {
    const row = (atMs: number): LoggedSms => ({
      messageIds: ['c'.repeat(40)],
      number: '+33639980001',
      text: 'Bonjour',
      failure: 'no_service',
      time: { kind: 'exact', atMs },
    });
    const startMs = await environment.currentTimeMs();
    const { result } = await send(
      (minutes) =>
        minutes < 5.9
          ? CLEAN
          : { kind: 'read', rows: [row(startMs + 5 * MINUTE_MS)], incomplete: undefined, reachesBack: true },
      {},
      { provider: { send: () => Promise.resolve(LOST) } },
    );
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
  });
});
