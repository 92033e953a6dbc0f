import { NamespaceNotFoundError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { PayloadError } from '../domain/payload-error.js';
import { isSmsRunErrorCode, SmsError, type SmsErrorCode, type SmsErrorDetails } from '../domain/errors.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { isRunNotFound } from './ask-temporal.js';
import { grpcErrorIn } from './grpc-status.js';

interface Reason {
  readonly code: 'TEMPORAL_UNAVAILABLE' | 'TEMPORAL_REFUSED';
  readonly sentence: string;
}

const passes = (sentence: string): Reason => ({ code: 'TEMPORAL_UNAVAILABLE', sentence });
const stays = (sentence: string): Reason => ({ code: 'TEMPORAL_REFUSED', sentence });

const NAMESPACE_NOT_FOUND = 5;

/**
 * gRPC status codes (grpc.io, "Status codes") → whether the same call can succeed later, and what
 * to do about it.
 */
const REASONS: Readonly<Record<number, Reason>> = {
  1: passes('The call ended because the client was closed or the call was abandoned.'),
  3: stays(
    'The Temporal server rejects the request. If search attributes are missing, register them with: npx durable-sms setup',
  ),
  4: passes('The Temporal server did not answer in time.'),
  [NAMESPACE_NOT_FOUND]: stays('The Temporal server does not know the namespace.'),
  7: stays(
    'The Temporal server denies permission: check the API key or client certificate, and the namespace.',
  ),
  8: passes('The Temporal server is overloaded.'),
  9: passes('No worker could continue the run; the worker’s log says why. Try again later.'),
  12: stays(
    'The server does not know this call: check that it is a Temporal server and that its version is recent.',
  ),
  14: passes('The Temporal server cannot be reached.'),
  16: stays('The Temporal server rejects the credentials: check the API key or client certificate.'),
};

/**
 * What a connection says that fails for the same reason each time, as gRPC counts it among those
 * that may pass.
 */
const TLS_TROUBLE = /SSL routines|self-signed certificate|certificate|ERR_TLS_|EPROTO/i;

const TLS_REFUSED = stays(
  'TLS with the Temporal server fails: check whether it requires TLS, its certificate and yours.',
);

/** What cannot be translated: its own words may quote a header, a job or a key. */
const UNKNOWN = passes(
  'The request to Temporal failed for an unknown reason. Its message may contain secrets and is not shown.',
);

/** What a run that did not complete ended as. */
const RUN_ENDS: readonly (readonly [new (...args: never[]) => Error, SmsErrorCode])[] = [
  [CancelledFailure, 'CANCELLED'],
  [TerminatedFailure, 'TERMINATED'],
  [TimeoutFailure, 'TIMED_OUT'],
];

/**
 * The one error that callers see, for anything thrown on the way to Temporal and back. Nothing of
 * the error itself is passed on, neither as words nor as cause, unless it is ours.
 */
export function translateTemporalError(error: unknown, workflowId?: string): SmsError {
  const ours = findInChain(error, (inner) => inner instanceof SmsError || inner instanceof PayloadError);
  const about = { workflowId };
  if (ours instanceof SmsError) return ours;
  if (ours instanceof PayloadError)
    return new SmsError('ENCRYPTION_KEY_MISSING', { ...about, message: ours.message });
  if (error instanceof WorkflowNotFoundError) return new SmsError('NOT_FOUND', about);
  if (error instanceof NamespaceNotFoundError)
    return failure(REASONS[NAMESPACE_NOT_FOUND], NAMESPACE_NOT_FOUND, about);
  if (error instanceof WorkflowFailedError) return endOf(error.cause, about);
  const { code: status, details = '' } = grpcErrorIn(error) ?? {};
  if (status === undefined) return failure(UNKNOWN, status, about);
  if (workflowId !== undefined && isRunNotFound(grpcErrorIn(error))) return new SmsError('NOT_FOUND', about);
  if (status === 14 && TLS_TROUBLE.test(details)) return failure(TLS_REFUSED, status, about);
  return failure(REASONS[status], status, about);
}

function failure(
  reason: Reason | undefined,
  status: number | undefined,
  about: { workflowId: string | undefined },
): SmsError {
  const { code, sentence } =
    reason ?? passes(`The Temporal server answered with gRPC status ${status ?? 'unknown'}.`);
  return new SmsError(code, {
    ...about,
    message: sentence,
    details: omitUndefined({ grpcStatus: status }),
  });
}

function endOf(cause: unknown, about: { workflowId: string | undefined }): SmsError {
  if (cause instanceof ApplicationFailure && isSmsRunErrorCode(cause.type)) {
    const [details = {}] = (cause.details ?? []) as [SmsErrorDetails?];
    return new SmsError(cause.type, { ...about, message: cause.message, details });
  }
  // A workflow of another kind, or code that this client does not know: it may have sent.
  const code = RUN_ENDS.find(([type]) => cause instanceof type)?.[1] ?? 'SEND_OUTCOME_UNKNOWN';
  const wasCutOff = code === 'TERMINATED' || code === 'TIMED_OUT';
  return new SmsError(code, wasCutOff ? { ...about, details: { maybeSent: true } } : about);
}

/** The first of an error and its causes, which the Temporal client has wrapped. */
function findInChain(error: unknown, isWanted: (inner: Error) => boolean): Error | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (isWanted(inner)) return inner;
  return undefined;
}
