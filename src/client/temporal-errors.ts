import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { PayloadError } from '../domain/payload-error.js';
import { isSmsRunErrorCode, SmsError, type SmsErrorCode, type SmsErrorDetails } from '../domain/errors.js';

/** gRPC status codes (grpc.io, "Status codes") → what to do about them. All are TEMPORAL_UNAVAILABLE. */
const GRPC_REASONS: Readonly<Record<number, string>> = {
  1: 'The call was cancelled.',
  3: 'The Temporal server refuses the request; if search attributes are missing, register them with: npx durable-sms setup',
  4: 'The Temporal server did not answer in time.',
  5: 'The Temporal server does not know the namespace.',
  7: 'The Temporal server denies the permission: check API key or client certificate, and namespace.',
  8: 'The Temporal server is overloaded.',
  9: 'No worker could carry on with the run just now; the worker’s log says why. Try again later.',
  12: 'The Temporal server does not know this call: is its version too old?',
  14: 'The Temporal server cannot be reached.',
  16: 'The Temporal server does not accept the credentials: check API key or client certificate.',
};

/** What a run that did not complete ended as. */
const RUN_ENDS: readonly (readonly [new (...args: never[]) => Error, SmsErrorCode])[] = [
  [CancelledFailure, 'CANCELLED'],
  [TerminatedFailure, 'TERMINATED'],
  [TimeoutFailure, 'TIMED_OUT'],
];

/** The one error that callers see, for whatever the Temporal client threw. Errors that are no one's are passed on. */
export function translateTemporalError(error: unknown, workflowId?: string): unknown {
  if (error instanceof SmsError) return error;
  const about = workflowId === undefined ? {} : { workflowId };
  const payloadError = payloadErrorIn(error);
  if (payloadError !== undefined) {
    return new SmsError('ENCRYPTION_KEY_MISSING', { ...about, message: payloadError.message });
  }
  if (error instanceof WorkflowNotFoundError) return new SmsError('NOT_FOUND', about);
  if (error instanceof NamespaceNotFoundError) return unavailable(5, about);
  if (error instanceof WorkflowFailedError) return endOf(error.cause, about);
  const status = grpcStatusOf(error);
  return status === undefined ? error : unavailable(status, about);
}

function endOf(cause: unknown, about: { workflowId?: string }): SmsError {
  if (cause instanceof ApplicationFailure && isSmsRunErrorCode(cause.type)) {
    const [details = {}] = (cause.details ?? []) as [SmsErrorDetails?];
    return new SmsError(cause.type, { ...about, message: cause.message, details });
  }
  // A workflow of another kind, or code that this client does not know: it may have sent.
  const code = RUN_ENDS.find(([type]) => cause instanceof type)?.[1] ?? 'SEND_OUTCOME_UNKNOWN';
  const wasCutOff = code === 'TERMINATED' || code === 'TIMED_OUT';
  return new SmsError(code, wasCutOff ? { ...about, details: { maybeSent: true } } : about);
}

function unavailable(status: number, about: { workflowId?: string }): SmsError {
  const reason = GRPC_REASONS[status] ?? `The Temporal server answered with gRPC status ${status}.`;
  return new SmsError('TEMPORAL_UNAVAILABLE', { ...about, message: reason });
}

/** The reason why a payload could not be decrypted, which the Temporal client may have wrapped. */
function payloadErrorIn(error: unknown): PayloadError | undefined {
  if (error instanceof PayloadError) return error;
  return error instanceof Error && error.cause !== undefined ? payloadErrorIn(error.cause) : undefined;
}

/** The status of a gRPC error, which the Temporal client may have wrapped. */
function grpcStatusOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcStatusOf(error.cause) : undefined;
}
