import assert from 'node:assert/strict';
import * as constants from '../../src/domain/replayed-constants.js';
import { delayBeforeAsk } from '../../src/domain/reconciliation/rules.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A replay does not compare how long a timer was: nothing else notices a changed wait. */
describe('the constants that running runs are replayed with', () => {
  it('have these values, and change only behind patched()', () => {
    assert.deepEqual(
      { ...constants },
      {
        DEFAULT_LIFETIME_MS: DAY_MS,
        DEFAULT_MARKETING_LIFETIME_MS: 7 * DAY_MS,
        MIN_WAIT_FOR_MOMENT_MS: 5_000,
        MAX_WAIT_BEFORE_RESEND_MS: 30_000,
        LOOK_BEFORE_MOMENT_MS: 20_000,
        ASKS_FOR_MOMENT: {
          firstMs: 5_000,
          maxMs: 10 * MINUTE_MS,
          patientAfterAsks: 200,
          patientMs: 30 * MINUTE_MS,
        },
        MAX_LIFETIME_MS: 30 * DAY_MS,
        MAX_SEND_DELAY_MS: 365 * DAY_MS,
        CLIENT_CLOCK_TOLERANCE_MS: DAY_MS,
        DEFAULT_UNKNOWN_CHECKS_MS: [10_000, 30_000, 120_000, 300_000],
        DEFAULT_ON_UNKNOWN: 'resend',
        DEFAULT_MAX_RESENDS: 1,
        MAX_CHECK_MS: DAY_MS,
        DEFAULT_FOLLOW_CHECKS_MS: [30_000, 120_000, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS],
        MAX_FOLLOW_CHECK_MS: 7 * DAY_MS,
        CONFIRM_FAILURE_MS: 10 * MINUTE_MS,
        FOLLOW_READING: { minMs: 2 * MINUTE_MS, maxMs: HOUR_MS },
        SEND_START_TO_CLOSE_MS: MINUTE_MS,
        BACK_OFF: {
          firstMs: 2_000,
          maxMs: 10 * MINUTE_MS,
          patientAfterAttempts: 150,
          patientMaxMs: HOUR_MS,
          jitter: 1 / 5,
          lastTryBeforeDeadlineMs: 15_000,
        },
        CHECK_JITTER: { share: 1 / 5, maxMs: 10_000 },
        HELD_ASKS: { firstMs: MINUTE_MS, maxMs: 15 * MINUTE_MS, patientAfterAsks: 100, patientMs: HOUR_MS },
        LOOKS_BEFORE_REPEAT: { maxLooks: 4, firstDelayMs: 5_000 },
        LAST_KEY_LOOKUPS_EVERY_MS: 5_000,
      },
    );
  });

  it('check a run that has been held for a day hourly', () => {
    const asks = [0, 1, 2, 3, 4, 100, 101, 1_000].map(delayBeforeAsk);
    assert.deepEqual(
      asks,
      [1, 2, 4, 8, 15, 15, 60, 60].map((minutes) => minutes * MINUTE_MS),
    );
  });
});
