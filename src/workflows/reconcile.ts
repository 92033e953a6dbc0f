import { firstStep, nextStep } from '../domain/reconciliation/next-step.js';
import type { Step } from '../domain/reconciliation/step.js';
import type { SmsResult } from '../domain/sms-job.js';
import { carryOut, type SendContext } from './carry-out.js';
import { createRequests } from './make-request.js';
import { countReconciled } from './run-metrics.js';
import type { RunStatus } from './run-status.js';

/**
 * Sends the message of a run and reconciles what was maybe sent: carries out what {@link nextStep}
 * commands, and reports the result to it, until the run ends.
 *
 * @throws ApplicationFailure with a code, or CancelledFailure
 */
export async function sendAndReconcile(context: SendContext): Promise<SmsResult> {
  const { job, deadline, startedAtMs, status } = context;
  const requests = createRequests(context);
  let step = firstStep({ options: job.options, deadlineMs: deadline.atMs, startedAtMs });
  for (;;) {
    report(step, status);
    const { state, command } = step;
    if (command.kind === 'complete') return command.result;
    if (command.kind === 'fail') throw requests.errorFor(command.failure);
    const occurrence = await carryOut(command, { ...context, requests });
    // By the workflow's own clock and random numbers, which a replay repeats.
    step = nextStep(state, { ...occurrence, nowMs: Date.now(), jitter: Math.random() });
  }
}

function report({ reconciledBy, isCertain, report: said }: Step, status: RunStatus): void {
  if (reconciledBy !== undefined) countReconciled(reconciledBy);
  if (isCertain) status.setCertain();
  if (said?.status !== undefined) status.set(said.status, said.details);
  else if (said !== undefined) status.setDetails(said.details);
}
