import type { SmsListing } from '../client/list-sends.js';
import { renderTable, toSecond } from './render-table.js';

/** Of one page and the next alike; the workflow id comes last, whole. */
const WIDTHS = [12, 27, 22, 22, 24, 24];

const HEAD = ['STATUS', 'CODE', 'STARTED', 'CLOSED', 'LEAD', 'HUNT', 'WORKFLOW ID'];

/** The heading of a list of sends; bold on a terminal. */
export function renderHead(isTerminal: boolean): string {
  return renderTable([HEAD], { widths: WIDTHS, isBold: isTerminal });
}

/** Some rows of a list of sends, a line each. */
export function renderRows(sends: readonly SmsListing[]): string {
  return renderTable(
    sends.map(({ status, code = '', startedAt, closedAt, correlationIds, workflowId }) => [
      status,
      code,
      toSecond(startedAt),
      closedAt === undefined ? '' : toSecond(closedAt),
      correlationIds.leadId ?? '',
      correlationIds.huntId ?? '',
      workflowId,
    ]),
    { widths: WIDTHS },
  );
}
