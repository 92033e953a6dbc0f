import { context, trace } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { inSpan } from '../observability/in-span.js';
import { withTrace } from '../observability/trace-header.js';

/** Starts a run within a span, whose ids travel in the run's headers. */
export const startInSpan: NonNullable<WorkflowClientInterceptor['startWithDetails']> = (input, next) => {
  const { workflowType, options } = input;
  const attributes = { 'temporal.workflow.id': options.workflowId };
  // Looked up at each call: the caller may register its SDK later.
  const tracer = trace.getTracer('durable-sms');
  return inSpan(tracer, { name: `start ${workflowType}`, parent: context.active(), attributes }, (span) =>
    next({ ...input, headers: withTrace(input.headers, span.spanContext()) }),
  );
};
