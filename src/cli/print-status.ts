import type { SmsAwaited, SmsInspection } from '../client/inspect-send.js';
import type { SmsStatusReport } from '../client/sms-handle.js';
import { shortenStory } from '../client/story/shorten-story.js';
import { formatTimestamp } from '../domain/timestamp.js';
import type { CliRun } from './cli-run.js';
import { printable } from './printable.js';

/** So many lines fit on one screen, with what is known of the send above them. */
const MAX_STEPS = 12;

/** Prints where a send stands and how it got there: as JSON, or as lines for people. */
export function printStatus(
  cli: CliRun,
  report: SmsStatusReport & Partial<SmsInspection>,
  json: boolean | undefined,
): void {
  if (json === true) {
    cli.print(JSON.stringify(report));
    return;
  }
  const { huntId, adId, leadId, accountId } = report.correlationIds;
  const { awaits, story } = report;
  const { attempt, httpStatus, providerCode } = report.details ?? {};
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['status', report.status],
    ['code', report.code],
    ['reason', report.reason],
    ['doing', report.doing],
    ['waiting', awaits === undefined ? undefined : describeAwaited(awaits)],
    [
      'cancel',
      report.cancelRequested === true
        ? 'requested; takes effect when a worker next runs the send'
        : undefined,
    ],
    ...(story === undefined
      ? ([
          ['attempt', attempt],
          ['HTTP status', httpStatus],
          ['provider code', providerCode],
          ['accepted at', report.timestamp],
          ['sent at', report.sentAt],
        ] as const)
      : []),
    ['message id', report.messageId],
    ['may duplicate', report.possibleDuplicateOf],
    ['account', accountId],
    ['hunt', huntId],
    ['ad', adId],
    ['lead', leadId],
    ['workflow id', report.workflowId],
    ['run id', report.runId],
  ];
  for (const [name, value] of lines) {
    if (value !== undefined) cli.print(`${name.padEnd(14)}${printable(String(value))}`);
  }
  if (story === undefined) return;
  cli.print('');
  for (const { at, sentence } of shortenStory(story, MAX_STEPS)) {
    cli.print(`${formatTimestamp(Date.parse(at))}  ${printable(sentence)}`);
  }
}

function describeAwaited(awaited: SmsAwaited): string {
  switch (awaited.what) {
    case 'start':
      return `to start at ${awaited.at}`;
    case 'worker':
      return `for a worker since ${awaited.since}; check that one polls this task queue`;
    case 'failing-task': {
      const { attempt, failure } = awaited;
      return failure === undefined
        ? `for its workflow task, which timed out (attempt ${attempt}); see the worker's log`
        : `for its workflow task, which fails (attempt ${attempt}) with: ${failure}`;
    }
    case 'time':
      return `until ${awaited.at}`;
    case 'activity': {
      const { activity, attempt, lastFailure, at } = awaited;
      const before = lastFailure === undefined ? '' : `; the previous attempt failed with ${lastFailure}`;
      return `for ${activity}, attempt ${attempt}${at === undefined ? '' : ` at ${at}`}${before}`;
    }
  }
}
