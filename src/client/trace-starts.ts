import type { WorkflowClientInterceptor } from '@temporalio/client';

/**
 * Makes a span for each start of a run, in the caller's own OpenTelemetry SDK, and hands its ids on
 * to the run. Without `@opentelemetry/api` there is no SDK, and so no span.
 */
export function traceStarts(): WorkflowClientInterceptor {
  // Loaded here only, as it is an optional peer of the package that web apps install.
  const loading = import('./start-in-span.js').catch(() => undefined);
  return {
    async startWithDetails(input, next) {
      const loaded = await loading;
      return loaded === undefined ? next(input) : loaded.startInSpan(input, next);
    },
  };
}
