import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { DeliveryAnswer } from '../../src/domain/delivery-question.js';
import type { PhoneReport } from '../../src/domain/following/phone-report.js';
import { SmsError } from '../../src/domain/errors.js';
import { activitiesIn } from '../support/run-history.js';
import type { SmsResult } from '../../src/domain/sms-job.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { sendOverHours } from './send-over-hours.js';

const MINUTE_MS = 60_000;
const LAST_SEEN_MS = Date.UTC(2030, 0, 1, 12);

describe('following over hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());
  const { send, stopwatch } = sendOverHours(() => environment);

  /** Follows a send; `answer` gets the minutes since its acceptance, by the skipped clock. */
  async function follow(answer: (minute: number) => DeliveryAnswer, ports: Partial<ActivityPorts> = {}) {
    const sinceAcceptance = stopwatch();
    const minutes: number[] = [];
    const { result, history } = await send(
      {
        provider: {
          send: async () => {
            await sinceAcceptance();
            return { kind: 'accepted', messageId: 'a'.repeat(40), httpStatus: 200 };
          },
        },
        deliveries: {
          read: async () => {
            const minute = (await sinceAcceptance()) / MINUTE_MS;
            minutes.push(Math.round(minute * 2) / 2);
            return answer(minute);
          },
          readPhones: () =>
            Promise.resolve({
              kind: 'read',
              phones: [{ phoneId: 'p', lastSeenAtMs: LAST_SEEN_MS }],
              skipped: 0,
            }),
        },
        ...ports,
      },
      { options: { follow: true } },
    );
    return { result, minutes, history };
  }

  const read = (report: PhoneReport): DeliveryAnswer => ({ kind: 'read', report, ageMs: 0 });
  const FAILED = read({ kind: 'failed', code: 'NO_SERVICE' });
  const valueOf = (result: object): Partial<SmsResult> =>
    'value' in result ? (result.value as SmsResult) : {};

  it('checks at the default moments, and ends as unknown after a day', async () => {
    const { result, minutes, history } = await follow(() => read({ kind: 'pending' }));
    const { delivery, deliveryReason } = valueOf(result);
    assert.deepEqual(minutes, [0.5, 2, 10, 60, 360, 1_440]);
    assert.deepEqual(
      [delivery, deliveryReason],
      [
        'unknown',
        'It is unknown whether the phone has sent the message. The phone has not sent it yet. The phone was last seen at 2030-01-01T12:00:00Z.',
      ],
    );
    assert.ok((history.events?.length ?? 0) < 100, `${history.events?.length ?? 0} events`);
  });

  it('fails once the phone has failed for ten minutes', async () => {
    const { result, minutes } = await follow(() => FAILED);
    assert.deepEqual(result, { code: 'MESSAGE_SEND_FAILED' });
    assert.deepEqual(minutes, [0.5, 2, 10, 10.5]);
  });

  it('waits for its turn without an event', async () => {
    let questions = 0;
    const { result, history } = await follow(() =>
      questions++ < 2 ? { kind: 'later', afterMs: 20_000 } : read({ kind: 'sent' }),
    );
    assert.equal(valueOf(result).delivery, 'sent');
    assert.equal(questions, 3);
    assert.equal(activitiesIn(history).filter((name) => name === 'followSms').length, 1);
  });

  it('goes on through a day without a database and without a list', async () => {
    let isAccepted = false;
    const { result } = await follow(() => read({ kind: 'sent' }), {
      provider: {
        send: () => {
          isAccepted = true;
          return Promise.resolve({ kind: 'accepted', messageId: 'b'.repeat(40), httpStatus: 200 });
        },
      },
      accounts: {
        findEncryptedApiKey: () =>
          isAccepted
            ? Promise.reject(new SmsError('DATABASE_UNAVAILABLE'))
            : Promise.resolve({ encryptedApiKey: 'stored' }),
      },
    });
    const { delivery, deliveryReason } = valueOf(result);
    assert.equal(delivery, 'unknown');
    assert.match(deliveryReason ?? '', /could not be read: PostgreSQL cannot be read/);
  });
});
