import { firstStep, nextStep } from '../domain/reconciliation/next-step.js';
import type { Step } from '../domain/reconciliation/step.js';
import type { SmsResult } from '../domain/sms-job.js';
import { createAcceptance, type Acceptance } from './acceptance.js';
import { carryOut, type SendContext } from './carry-out.js';
import { createRequests } from './make-request.js';
import { countReconciled } from './run-metrics.js';
import type { RunStatus } from './run-status.js';

/** A message that the provider has, and what that says of it. */
export interface AcceptedSend extends Acceptance {
  readonly result: SmsResult;
}

/**
 * Sends the message of a run and reconciles what was maybe sent: carries out what {@link nextStep}
 * commands, and reports the result to it, until the run ends.
 *
 * @throws ApplicationFailure with a code, or CancelledFailure
 */
export async function sendAndReconcile(context: SendContext): Promise<AcceptedSend> {
  const { job, deadline, startedAtMs, status } = context;
  const requests = createRequests(context);
  let step = firstStep({ options: job.options, deadlineMs: deadline.atMs, startedAtMs });
  const acceptance = createAcceptance();
  for (;;) {
    report(step, status);
    const { state, command } = step;
    if (command.kind === 'complete') {
      const { result } = command;
      return { result, ...acceptance.of(state, result) };
    }
    if (command.kind === 'fail') throw requests.errorFor(command.failure);
    const occurrence = await carryOut(command, { ...context, requests });
    acceptance.note(state, occurrence);
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
