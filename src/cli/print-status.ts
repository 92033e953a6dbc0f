import type { SmsStatusReport } from '../client/sms-handle.js';

/** Prints where a send stands: as JSON, or as lines for people. */
export function printStatus(report: SmsStatusReport, json: boolean | undefined): void {
  if (json === true) {
    console.log(JSON.stringify(report));
    return;
  }
  const { huntId, adId, leadId, accountId } = report.traceIds;
  const { attempt, httpStatus, providerCode } = report.details ?? {};
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['status', report.status],
    ['code', report.code],
    ['reason', report.reason],
    ['attempt', attempt],
    ['HTTP status', httpStatus],
    ['provider code', providerCode],
    ['message id', report.messageId],
    ['sent at', report.timestamp],
    ['duplicate of', report.possibleDuplicateOf],
    ['account', accountId],
    ['hunt', huntId],
    ['ad', adId],
    ['lead', leadId],
    ['workflow id', report.workflowId],
    ['run id', report.runId],
  ];
  for (const [name, value] of lines) if (value !== undefined) console.log(`${name.padEnd(14)}${value}`);
}
