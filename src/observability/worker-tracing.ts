import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, trace, type Context, type Tracer } from '@opentelemetry/api';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { ActivityPorts } from '../activities/ports.js';
import { inSpan } from './in-span.js';
import { readTrace } from './trace-header.js';

/** The spans of a worker: one for each activity, and one in it for each request to the provider. */
export interface WorkerTracing {
  readonly interceptor: ActivityInterceptorsFactory;
  tracePorts(ports: ActivityPorts): ActivityPorts;
}

/**
 * Makes them.
 *
 * @param providerUrl of which only host and path are shown: never a query, a body, a number or a
 *   key
 */
export function createWorkerTracing(tracer: Tracer, { providerUrl }: { providerUrl: string }): WorkerTracing {
  const current = new AsyncLocalStorage<Context>();
  const { hostname, pathname } = new URL(
    'sendsms/',
    providerUrl.endsWith('/') ? providerUrl : `${providerUrl}/`,
  );

  return {
    interceptor: ({ info }) => ({
      inbound: {
        execute(input, next) {
          const caller = readTrace(input.headers);
          const parent = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller);
          const { workflowId, runId } = info.workflowExecution ?? {};
          const attributes = {
            'temporal.workflow.id': workflowId,
            'temporal.run.id': runId,
            'temporal.activity.id': info.activityId,
            'temporal.activity.attempt': info.attempt,
          };
          return inSpan(tracer, { name: `activity ${info.activityType}`, parent, attributes }, (span) =>
            current.run(trace.setSpan(parent, span), () => next(input)),
          );
        },
      },
    }),
    tracePorts: (ports) => ({
      ...ports,
      provider: {
        send: (request) =>
          inSpan(
            tracer,
            {
              name: 'sms.provider.request',
              parent: current.getStore() ?? ROOT_CONTEXT,
              attributes: { 'server.address': hostname, 'url.path': pathname, 'http.request.method': 'POST' },
            },
            async (span) => {
              const outcome = await ports.provider.send(request);
              const status = outcome.httpStatus ?? outcome.answer?.httpStatus;
              if (status !== undefined) span.setAttribute('http.response.status_code', status);
              span.setAttribute('sms.outcome', outcome.kind);
              return outcome;
            },
          ),
      },
    }),
  };
}
