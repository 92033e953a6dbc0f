import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { SentSms, SentSmsVerdict } from '../../src/activities/types.js';
import type { FakeWorld } from './fake-world.js';
import type { SkippedClock } from './skipped-clock.js';

/** A run that stands for the reset of another. */
export interface ResetRun {
  readonly workflowId: string;
  readonly originalRunId: string;
  readonly startedAtMs: number;
}

/** What the activities of many worlds need to know of the runs that they work for. */
export interface Runs {
  worldOf(workflowId: string): FakeWorld;
  resetOf(workflowId: string): ResetRun | undefined;
}

/**
 * Lets the worlds see the activities of their runs, and makes a second run look like a reset of the
 * first.
 *
 * The test server cannot reset. To an activity, a run that was reset to its first task differs from
 * any other in this only: it has the workflow id, original run id and original start of the run
 * before. That is what it is shown here, so the guard against sending, the owner of messages, the
 * span of the log and the end of such a run are tried. What is not: a reset to a later task, whose
 * history begins with what the run before did.
 */
export function createActivityWatch(
  clock: SkippedClock,
  runs: Runs,
): (context: Context) => ActivityInterceptors {
  return ({ info }) => ({
    inbound: {
      async execute({ args, headers }, next) {
        const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
        const world = runs.worldOf(workflowId);
        const reset = runs.resetOf(workflowId);
        const shown = { headers, args: args.map((arg) => (reset ? asReset(arg, reset) : arg)) };
        if (reset) Object.assign(info.workflowExecution ?? {}, { workflowId: reset.workflowId });
        if (!info.isLocal) await clock.refresh();
        const send = world.sendOf(reset?.workflowId ?? workflowId);
        send.originalRunId ??= runId;
        switch (info.activityType) {
          case 'sendSms': {
            const beganAtMs = clock.now();
            world.sendBegins(send, runId);
            try {
              const sent = (await next(shown)) as SentSms;
              world.sendEnds(send, runId, { sent });
              return sent;
            } catch (error) {
              const type = error instanceof ApplicationFailure ? (error.type ?? undefined) : undefined;
              world.sendEnds(send, runId, { type, beganAtMs });
              throw error;
            }
          }
          case 'findSentSms': {
            const verdict = (await next(shown)) as SentSmsVerdict;
            world.checkEnds(send, verdict);
            return verdict;
          }
          default:
            return await next(shown);
        }
      },
    },
  });
}

/**
 * An activity's input as it would be in the reset run; the span begins at the original start only
 * where the run was refused.
 */
function asReset(input: unknown, { originalRunId, startedAtMs }: ResetRun): unknown {
  if (typeof input !== 'object' || input === null || !('originalRunId' in input)) return input;
  return { ...input, originalRunId, ...('fromMs' in input ? { fromMs: startedAtMs } : {}) };
}
