import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { RetryAdvice, SmsErrorDetails } from '../domain/errors.js';
import { isKeptFromSending } from '../domain/reconciliation/reset.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts, ApiKeyCipherPort } from './ports.js';
import type { Activities, SendSmsInput, SentSms } from './types.js';
import { writableUntil } from './writing-time.js';

type SendSmsPorts = Pick<ActivityPorts, 'cipher' | 'provider' | 'tasks' | 'now'>;

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
  const seen = { tooLate: false };
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
      // If the machine was suspended past the time-out of this activity, the workflow already takes
      // the outcome for unknown.
      return now() > untilMs ? 'the worker was suspended for too long' : undefined;
    },
  });
  if (seen.tooLate) throw expired();
  return readOutcome(outcome, attempt, now());
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
