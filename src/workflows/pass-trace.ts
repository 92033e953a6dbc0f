import type { WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from '../domain/names.js';

/**
 * Hands the trace that a run was started in on to its activities. Only what the run's own history
 * holds decides, so traced and untraced workers, and replays, take the same course; a run without a
 * trace is not touched.
 */
export function interceptors(): WorkflowInterceptors {
  let trace: Record<string, never> = {};
  return {
    inbound: [
      {
        execute(input, next) {
          const header = input.headers[TRACE_HEADER];
          if (header !== undefined) trace = { [TRACE_HEADER]: header } as never;
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...trace } }),
        scheduleLocalActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...trace } }),
      },
    ],
  };
}
