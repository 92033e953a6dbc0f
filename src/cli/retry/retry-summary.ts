import type { RetryOutcome } from '../../client/retry/retry-outcome.js';
import type { SmsRunStatus } from '../../client/sms-handle.js';
import { printable } from '../printable.js';
import { describeRetry } from './format-retry.js';

/** The result of one send. */
export type RetryReport =
  | { readonly retryOf: string; readonly outcome: RetryOutcome }
  | { readonly retryOf: string; readonly error: string };

/** The results of many sends, so far. */
export interface RetrySummary {
  readonly add: (report: RetryReport) => void;
  /** Sends that could not be retried, and those whose retry from before has failed. */
  readonly failures: () => number;
  /** A line with the numbers, and one for each failure, up to a thousand. */
  readonly summary: () => string;
}

/** More lines than anyone reads are not kept. */
const MAX_LINES = 1_000;

const COULD_NOT = 'could not be retried';

const WORDS = {
  started: 'started',
  'would-start': 'would start',
  'was-sent': 'found to be sent',
} as const;

const RETRIED_BEFORE: Readonly<Record<SmsRunStatus, string>> = {
  accepted: 'already retried and sent',
  sent: 'already retried and sent',
  running: 'already retried and still running',
  waiting: 'already retried and waiting',
  checking: 'already retried and still running',
  held: 'already retried and held',
  // It was cancelled on purpose.
  cancelled: 'already retried and cancelled',
  failed: 'already retried and failed',
  terminated: 'already retried and terminated',
  'timed-out': 'already retried and timed out, maybe sent',
};

const FAILED: readonly SmsRunStatus[] = ['failed', 'terminated', 'timed-out'];

/** An empty one. */
export function createRetrySummary(): RetrySummary {
  const counts = new Map<string, number>();
  const lines: string[] = [];
  let failures = 0;
  return {
    add(report) {
      const { kind, failure } = classify(report);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (failure === undefined) return;
      failures++;
      if (lines.length < MAX_LINES) lines.push(`  ${printable(failure)}`);
    },
    failures: () => failures,
    summary() {
      // What could not be done comes last, before its lines.
      const kinds = [...counts].sort(
        ([one], [other]) => Number(one === COULD_NOT) - Number(other === COULD_NOT),
      );
      const numbers = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
      const more = failures > lines.length ? [`  … and ${failures - lines.length} more`] : [];
      return [numbers === '' ? 'Nothing to retry.' : `${numbers}.`, ...lines, ...more].join('\n');
    },
  };
}

/** How a report is counted, and its line if it is a failure. */
function classify(report: RetryReport): { kind: string; failure?: string } {
  const { retryOf } = report;
  if ('error' in report) return { kind: COULD_NOT, failure: `${retryOf}: ${report.error}` };
  const { outcome } = report;
  switch (outcome.kind) {
    case 'refused':
      return { kind: COULD_NOT, failure: `${retryOf}: ${describeRetry(retryOf, outcome)}` };
    case 'already-retried': {
      const { workflowId, status, code } = outcome;
      const kind = RETRIED_BEFORE[status];
      if (!FAILED.includes(status)) return { kind };
      const how = code === undefined ? status : `${status}, ${code}`;
      return { kind, failure: `${workflowId}: ${how}. To retry it: npx durable-sms retry ${workflowId}` };
    }
    case 'started':
    case 'would-start':
    case 'was-sent':
      return { kind: WORDS[outcome.kind] };
  }
}
