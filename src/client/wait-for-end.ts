import { setTimeout as wait } from 'node:timers/promises';
import { grpcStatusOf } from '../temporal/grpc-status.js';

/** gRPC statuses DEADLINE_EXCEEDED and UNAVAILABLE (grpc.io, "Status codes"). */
const MAY_PASS: readonly (number | undefined)[] = [4, 14];

/** Before it is asked again where the server has not kept the question waiting; in milliseconds. */
const PAUSE_MS = 200;

/**
 * Waits for the end of a run, however long that takes. Each request has the deadline of every
 * other, and the server answers in time, also if nothing happens; where it does not, it is asked
 * about the run, and is waited for only if it answers that.
 *
 * @throws errors of the Temporal client
 */
export async function waitForEnd<T>(handle: {
  result(): Promise<T>;
  describe(): Promise<unknown>;
}): Promise<T> {
  for (;;) {
    try {
      return await handle.result();
    } catch (error) {
      if (!MAY_PASS.includes(grpcStatusOf(error))) throw error;
      await handle.describe();
      await wait(PAUSE_MS);
    }
  }
}
