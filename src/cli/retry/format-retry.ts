import type { RetryOutcome } from '../../client/retry/retry-outcome.js';
import { EXIT } from '../cli-error.js';
import { printable } from '../printable.js';

/** What a retry came to, in sentences for people. */
export function describeRetry(retryOf: string, outcome: RetryOutcome): string {
  switch (outcome.kind) {
    case 'started': {
      const workflowId = printable(outcome.workflowId);
      return `Started ${workflowId}.${aboutTime(outcome)}${aboutDeadline(outcome)}\nTo follow it: npx durable-sms watch ${workflowId}`;
    }
    case 'would-start': {
      const first = outcome.reconciledFirst
        ? 'Would check the provider’s list of sent messages first and, if it does not show the message, start'
        : 'The message was not sent. Would start';
      return printable(`${first} ${outcome.workflowId}.${aboutTime(outcome)}${aboutDeadline(outcome)}`);
    }
    case 'already-retried': {
      const { workflowId, status, code } = outcome;
      const how = code === undefined ? status : `${status}, ${code}`;
      return printable(
        `${retryOf} already has a retry: ${workflowId} (${how}). To retry that one: npx durable-sms retry ${workflowId}`,
      );
    }
    case 'was-sent': {
      const { workflowId, messageId, timestamp } = outcome;
      const when = timestamp === undefined ? '' : ` at ${timestamp}`;
      return printable(`Not started: ${workflowId} was sent${when}, as message ${messageId}.`);
    }
    case 'refused':
      return printable(`Not started: ${outcome.reason}${ADVICE[outcome.why]}`);
  }
}

const ADVICE = {
  running: ' To follow it: npx durable-sms watch. If it is held: npx durable-sms resolve.',
  accepted: ' To send another message, start a new send.',
  'would-fail-again': ' Start a new send.',
  unresolved:
    ' Try again later, or check the phone. If the phone does not show the message: npx durable-sms retry --force.',
} as const;

function aboutTime({ sendAt }: { readonly sendAt?: string }): string {
  return sendAt === undefined ? '' : ` It keeps its time to send, ${sendAt}.`;
}

function aboutDeadline({ deadlineRenewed }: { readonly deadlineRenewed: boolean }): string {
  return deadlineRenewed ? ' The old deadline has passed. The new one is 24 h after the start.' : '';
}

/** What `durable-sms retry` exits with after an outcome. */
export function exitCodeOf(outcome: RetryOutcome): number {
  if (outcome.kind !== 'refused') return EXIT.ok;
  return outcome.why === 'unresolved' ? EXIT.failed : EXIT.usage;
}
