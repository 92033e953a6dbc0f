import {
  ApplicationFailure,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

export { claimMessageWorkflow } from '../../src/workflows/claim-message.js';

/** One thing that a scripted run does. */
export type Step =
  | ({ readonly activity: string } & ActivityStep)
  /** Waits until an update `resolveSend` came. */
  | { readonly until: 'decided' };

/** What an activity of a scripted run does. */
export interface ActivityStep {
  /** Its result; without one, it fails. */
  readonly result?: unknown;
  /** The same for a reset run. */
  readonly resultOfReset?: unknown;
  /** Waits for this gate of the test first. */
  readonly gate?: string;
}

/** A job, with what its run does. */
export interface ScriptedJob {
  readonly message?: unknown;
  readonly script?: readonly Step[];
  /** The result of the run. */
  readonly end?: unknown;
}

type Scripted = (step: ActivityStep & { originalRunId: string }) => Promise<unknown>;

const activities = proxyActivities<Record<string, Scripted>>({
  startToCloseTimeout: '10 minutes',
  retry: { maximumAttempts: 1 },
});

const resolveSendUpdate = defineUpdate<undefined, [{ refuse?: 'at once' | 'later' }]>('resolveSend');

/** A run with the names and the shapes of the real one, that does what its script says. */
export async function sendSmsWorkflow({ script = [], end }: ScriptedJob): Promise<unknown> {
  let decided = false;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  setHandler(
    resolveSendUpdate,
    ({ refuse }) => {
      if (refuse === 'later') throw ApplicationFailure.nonRetryable('refused');
      decided = true;
      return undefined;
    },
    {
      validator: ({ refuse }) => {
        if (refuse === 'at once') throw ApplicationFailure.nonRetryable('refused');
      },
    },
  );
  for (const step of script) {
    if ('until' in step) await condition(() => decided);
    else await activities[step.activity]?.({ ...step, originalRunId }).catch(() => undefined);
  }
  return end;
}
