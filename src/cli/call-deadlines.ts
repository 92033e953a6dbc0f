import type { ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** How long Temporal has for an answer, further tries included; in milliseconds. */
export interface CallDeadlines {
  readonly callMs: number;
  /** For calls that the server holds open until something happens: it answers them within 20 s or so, also if nothing does. */
  readonly longPollMs: number;
}

const DEFAULTS: CallDeadlines = { callMs: 10_000, longPollMs: 70_000 };

/** The end of a run is waited for with the same call that reads histories. */
const LONG_POLLS = [
  'GetWorkflowExecutionHistory',
  'UpdateWorkflowExecution',
  'PollWorkflowExecutionUpdate',
  'ExecuteMultiOperation',
];

/** Ends calls as DEADLINE_EXCEEDED that a server took and does not answer, where the caller has set no deadline. */
export function endCallsInTime(deadlines: Partial<CallDeadlines> = {}): Interceptor {
  const { callMs, longPollMs } = { ...DEFAULTS, ...deadlines };
  const interceptor = (...[options, nextCall]: Parameters<Interceptor>): unknown => {
    const name = options.method_definition.path.split('/').at(-1) ?? '';
    const patienceMs = LONG_POLLS.includes(name) ? longPollMs : callMs;
    return nextCall({ ...options, deadline: options.deadline ?? Date.now() + patienceMs });
  };
  // Its type names a class of grpc-js; the call that it passes on has its methods.
  return interceptor as Interceptor;
}
