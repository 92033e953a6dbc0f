import { isGrpcServiceError } from '@temporalio/client';

/** The error of gRPC in another one, which the Temporal client may have wrapped. */
export function grpcErrorIn(error: unknown): { readonly code: number; readonly details: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  return error instanceof Error && error.cause !== undefined ? grpcErrorIn(error.cause) : undefined;
}

/** The gRPC status of an error; undefined if it has none. */
export function grpcStatusOf(error: unknown): number | undefined {
  return grpcErrorIn(error)?.code;
}
