import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { SmsError, type RetryAdvice, type SmsErrorDetails } from '../domain/errors.js';
import { isKeptFromSending } from '../domain/reconciliation/reset.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts, ApiKeyCipherPort } from './ports.js';
import type { Activities, SendSmsInput, SentSms } from './types.js';
import { writableUntil } from './writing-time.js';

type SendSmsPorts = Pick<ActivityPorts, 'cipher' | 'provider' | 'tasks' | 'now' | 'policies' | 'wait'>;

/** Makes {@link Activities.sendSms}. */
export function createSendSms(ports: SendSmsPorts): Activities['sendSms'] {
  return (input) => asActivityFailure(() => sendSms(ports, input));
}

async function sendSms(ports: SendSmsPorts, input: SendSmsInput): Promise<SentSms> {
  const { cipher, provider, now } = ports;
  const { attempt: attemptOfActivity } = activityInfo();
  const { workflowId, runId } = currentRun();
  const { originalRunId, deadlineMs, attempt } = input;

  // The workflow asks for one attempt, but an operator can change that on a pending activity.
  if (attemptOfActivity > 1) {
    throw activityFailure('SEND_OUTCOME_UNKNOWN', {
      message:
        'Temporal repeated this request. The one before it may have sent the message, so nothing was sent now.',
      details: { attempt },
    });
  }
  if (isKeptFromSending({ runId, originalRunId, clearedRunId: input.clearedRunId })) {
    throw activityFailure('SEND_OUTCOME_UNKNOWN', {
      message: 'This run was reset. The run before it may have sent the message, so nothing was sent now.',
      details: { attempt },
      advice: { refusedRunId: runId },
    });
  }
  if (cipher === undefined) throw activityFailure('ENCRYPTION_KEY_MISSING', { details: { attempt } });
  const apiKey = unseal(cipher, input, workflowId);

  const expired = () => activityFailure('MESSAGE_EXPIRED', { details: { attempt } });
  if (now() >= deadlineMs) throw expired();
  const untilMs = await timeToWrite(ports, attempt);
  const clearedUntilMs = await clearedUntil(ports, input, workflowId);
  const seen = { tooLate: false, missed: false };
  const outcome = await provider.send({
    apiKey,
    recipientPhone: input.recipientPhone,
    message: input.message,
    sendingPhoneId: input.sendingPhoneId,
    simSlot: input.simSlot,
    signal: cancellationSignal(),
    refuseToWrite() {
      if (now() >= deadlineMs) {
        seen.tooLate = true;
        return 'the deadline has passed';
      }
      if (now() > clearedUntilMs) {
        seen.missed = true;
        return 'the moment that was granted has passed';
      }
      // If the machine was suspended past the time-out of this activity, the workflow already takes
      // the outcome for unknown.
      return now() > untilMs ? 'the worker was suspended for too long' : undefined;
    },
  });
  if (seen.tooLate) throw expired();
  if (seen.missed) throw momentMissed('the moment that was granted has passed', attempt);
  return readOutcome(outcome, attempt, now());
}

/** How old the word may be that the recipient of a transactional message has not opted out. */
const FRESH_CLEARANCE_MS = 30_000;

/** How early a request is waited for here rather than by its run, in milliseconds. */
const MAX_EARLY_MS = 5_000;

/** How long a connection to the provider may take to open: the request is written right after. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The time until which PostgreSQL allows the request, epoch milliseconds: whether the recipient has
 * opted out is read again, unless that was read with the key just now; and a marketing request
 * needs a moment that was granted. A database that does not answer allows nothing.
 */
async function clearedUntil(
  { policies, now, wait }: SendSmsPorts,
  input: SendSmsInput,
  workflowId: string,
): Promise<number> {
  const { accountId, recipientPhone, lane, ticket, timeZone, clearedAtMs = -Infinity, attempt } = input;
  if (policies === undefined) {
    if (ticket !== undefined) throw momentMissed('this worker knows neither opt-outs nor hours', attempt);
    return Infinity;
  }
  if (ticket === undefined && now() - clearedAtMs <= FRESH_CLEARANCE_MS) {
    return clearedAtMs + FRESH_CLEARANCE_MS + CONNECT_TIMEOUT_MS;
  }
  const clearance = await policies
    .clear({ accountId, recipientPhone, workflowId, lane, ticket, timeZone })
    .catch((error: unknown) => {
      if (!(error instanceof SmsError)) throw error;
      const message = `Not sent: whether the recipient has opted out could not be read. ${error.message}`;
      throw activityFailure('DATABASE_UNAVAILABLE', { message, details: { attempt } });
    });
  if (clearance.kind === 'opted-out') throw activityFailure('RECIPIENT_OPTED_OUT', { details: { attempt } });
  if (clearance.kind === 'missed') throw momentMissed(clearance.reason, attempt);
  const { fromMs = 0, untilMs } = clearance;
  const earlyByMs = fromMs - now();
  // A timer of Temporal's may fire a moment early by PostgreSQL's clock.
  if (earlyByMs > MAX_EARLY_MS) throw momentMissed('the moment that was granted lies ahead', attempt);
  if (earlyByMs > 0) await wait(earlyByMs, cancellationSignal());
  return untilMs;
}

function momentMissed(reason: string, attempt: number) {
  return activityFailure('PROVIDER_UNAVAILABLE', {
    message: `Not sent: ${reason}.`,
    details: { attempt },
    advice: { momentMissed: true },
  });
}

/**
 * The time until which the request may be written; throws before anything is sent if that time is
 * unknown or has passed.
 */
async function timeToWrite(ports: SendSmsPorts, attempt: number): Promise<number> {
  const refused = (why: string) =>
    activityFailure('PROVIDER_UNAVAILABLE', { message: `Not sent: ${why}.`, details: { attempt } });
  let untilMs: number | undefined;
  try {
    untilMs = await writableUntil(ports);
  } catch {
    throw refused('Temporal did not report whether it still expects this request');
  }
  if (untilMs === undefined) throw refused('Temporal no longer expects this request');
  return untilMs;
}

/**
 * A key that was sealed by a worker with another encryption key is loaded and sealed anew for the
 * next attempt.
 */
function unseal(
  cipher: ApiKeyCipherPort,
  { sealedApiKey, originalRunId, attempt }: SendSmsInput,
  workflowId: string,
) {
  try {
    return cipher.unseal(sealedApiKey, { workflowId, originalRunId });
  } catch {
    throw activityFailure('PROVIDER_UNAVAILABLE', {
      message: 'Not sent: the encryption key of this worker differs from the one that sealed the API key.',
      details: { attempt },
    });
  }
}

/** From here on nothing may fail that is not the provider's own word. */
function readOutcome(outcome: SendOutcome, attempt: number, nowMs: number): SentSms {
  const { answer } = outcome;
  if (outcome.kind === 'accepted') {
    const { messageId } = outcome;
    const timestamp = new Date(nowMs).toISOString();
    return omitUndefined({ messageId, timestamp, answer });
  }
  const { reason, httpStatus, providerCode } = outcome;
  const details: SmsErrorDetails = omitUndefined({ providerCode, httpStatus, attempt });
  switch (outcome.kind) {
    case 'rejected':
      throw activityFailure(outcome.code, {
        message: `Refused by SMSMobileAPI: ${reason}.`,
        details,
        answer,
      });
    case 'not-sent': {
      const { retryAfterMs, lookBeforeRepeat } = outcome;
      const advice: RetryAdvice = omitUndefined({ retryAfterMs, lookBeforeRepeat });
      throw activityFailure(outcome.code, {
        message: `Not sent: ${reason}.`,
        details,
        answer,
        ...(Object.keys(advice).length === 0 ? {} : { advice }),
      });
    }
    case 'unknown':
      throw activityFailure('SEND_OUTCOME_UNKNOWN', { message: `Maybe sent: ${reason}.`, details, answer });
  }
}
