import type { SmsAwaited, SmsInspection } from '../client/inspect-send.js';
import type { SmsStatusReport } from '../client/sms-handle.js';
import type { CliRun } from './cli-run.js';
import { printable } from './printable.js';

/** Prints where a send stands: as JSON, or as lines for people. */
export function printStatus(
  cli: CliRun,
  report: SmsStatusReport & Partial<SmsInspection>,
  json: boolean | undefined,
): void {
  if (json === true) {
    cli.print(JSON.stringify(report));
    return;
  }
  const { huntId, adId, leadId, accountId } = report.traceIds;
  const { attempt, httpStatus, providerCode } = report.details ?? {};
  const { awaits } = report;
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['status', report.status],
    ['code', report.code],
    ['reason', report.reason],
    ['doing', report.doing],
    ['waits', awaits === undefined ? undefined : describeAwaited(awaits)],
    [
      'cancel',
      report.cancelRequested === true ? 'asked for; the next worker that takes it ends it' : undefined,
    ],
    ['attempt', attempt],
    ['HTTP status', httpStatus],
    ['provider code', providerCode],
    ['message id', report.messageId],
    ['sent at', report.timestamp],
    ['duplicate of', report.possibleDuplicateOf],
    ['requests', report.requests],
    ['started', report.startedAt],
    ['closed', report.closedAt],
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
}

function describeAwaited(awaited: SmsAwaited): string {
  switch (awaited.what) {
    case 'start':
      return `to be started at ${awaited.at}`;
    case 'worker':
      return `for a worker, since ${awaited.since}: does one poll this task queue?`;
    case 'failing-task': {
      const { attempt, failure } = awaited;
      return failure === undefined
        ? `its workflow task did not end in time (try ${attempt}); see the worker's log`
        : `its workflow task fails (try ${attempt}); the worker says: ${failure}`;
    }
    case 'time':
      return `until ${awaited.at}`;
    case 'activity': {
      const { activity, attempt, lastFailure, at } = awaited;
      const before = lastFailure === undefined ? '' : `; the one before failed as ${lastFailure}`;
      return `for ${activity}, try ${attempt}${at === undefined ? '' : ` at ${at}`}${before}`;
    }
  }
}
