import { invalid } from './read-fields.js';
import type { OptOut, OptOutFormat } from './sms-opt-outs.js';

/** The columns, as the table has them. */
export const OPT_OUT_HEAD = 'account_id,phone,opted_out_at,source,inbound_id';

/** An opt-out as a line, which `import` reads. */
export function formatOptOut(optOut: OptOut, format: OptOutFormat): string {
  if (format === 'jsonl') return JSON.stringify(optOut);
  const { accountId, recipientPhone, optedOutAt, source, inboundId = '' } = optOut;
  return [accountId, recipientPhone, optedOutAt, source, inboundId].map(quoteField).join(',');
}

/** A format by its name. @throws SmsError VALIDATION_FAILED */
export function readFormat(format: unknown): OptOutFormat {
  if (format !== 'csv' && format !== 'jsonl') throw invalid('The format must be csv or jsonl.');
  return format;
}

function quoteField(field: string): string {
  return /[",;\s]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
