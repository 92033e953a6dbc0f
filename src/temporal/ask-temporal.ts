import { isGrpcServiceError } from '@temporalio/client';
import { grpcStatusOf } from './grpc-status.js';

/** The gRPC status of what is not there: a run, or the whole namespace. */
const NOT_FOUND = 5;

/**
 * The answer of a call to Temporal.
 *
 * @param what the call, in plain words
 * @throws Error with a fixed sentence; what Temporal says itself may quote a query or an id, and is
 *   not passed on
 */
export async function askTemporal<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(what, error);
  }
}

/**
 * The answer of a call about one run; undefined if there is no such run. Throws as
 * {@link askTemporal} does.
 */
export async function askAboutRun<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
  return await askTemporal(what, async () => {
    try {
      return await call();
    } catch (error) {
      if (isRunNotFound(error)) return undefined;
      throw error;
    }
  });
}

/**
 * Whether there is no such run. A namespace that is not there has the same status: only the details
 * tell them apart.
 */
export function isRunNotFound(error: unknown): boolean {
  if (!isGrpcServiceError(error) || (error.code as number) !== NOT_FOUND) return false;
  const details = error.metadata.get('grpc-status-details-bin').join();
  return !details.includes('NamespaceNotFoundFailure');
}

function failureOf(what: string, error: unknown): Error {
  const status = grpcStatusOf(error);
  return new Error(`Temporal failed to ${what}${status === undefined ? '' : ` (gRPC status ${status})`}.`);
}
