import { formatDate, formatNumber, type LogDialect } from './sent-messages-dialect.js';
import type { SentRow } from './message-store.js';

/** Cuts one page out of rows that come newest first, or says which filter is invalid. */
export function selectRows(
  rows: readonly SentRow[],
  query: Readonly<Record<string, string>>,
  pageSize: number,
): { rows: SentRow[] } | { invalid: string } {
  const { guid_message: guid = '', keyword = '', before = '' } = query;
  const flags = ['error_api', 'error_mobile'] as const;
  for (const flag of flags) {
    if (!['', '0', '1', undefined].includes(query[flag])) return { invalid: `${flag} must be 0 or 1` };
  }
  const isBefore = readBefore(rows, before);
  if (isBefore === undefined) return { invalid: 'before must be Unix seconds, a date or a message id' };
  const wanted = (row: SentRow, index: number) =>
    (guid === '' || row.id === guid) &&
    (keyword === '' || hasKeyword(row, keyword)) &&
    flagFits(query['error_api'], row.apiError) &&
    flagFits(query['error_mobile'], row.mobileError) &&
    isBefore(row, index);
  return { rows: rows.filter(wanted).slice(0, pageSize) };
}

/** Spells a row as the dialect wants it. */
export function spellRow(row: SentRow, dialect: LogDialect): Record<string, string> {
  const { recipient, text, phone, simSlot } = row.submission;
  const dates = {
    date: formatDate(row.takenAtMs, dialect.dateForm),
    datetime: formatDate(row.takenAtMs, dialect.dateForm),
    timestamp_unix: String(Math.floor(row.takenAtMs / 1_000)),
  };
  return {
    [dialect.guid]: row.id,
    [dialect.number]: formatNumber(recipient, dialect.numberForm),
    message: dialect.text === 'trimmed' ? text.trim() : text,
    ...Object.fromEntries(dialect.dates.map((field) => [field, dates[field]])),
    sIdentifiant: phone.id,
    port: simSlot === null ? '' : String(simSlot),
    send_from_mobile: row.sentFromMobile,
    send_from_mobile_erreur: row.mobileError,
    error_api: row.apiError,
  };
}

function hasKeyword(row: SentRow, keyword: string): boolean {
  const { recipient, text } = row.submission;
  return recipient.includes(keyword) || text.toLowerCase().includes(keyword.toLowerCase());
}

function flagFits(flag: string | undefined, error: string): boolean {
  return flag === undefined || flag === '' || (flag === '1') === (error !== '');
}

function readBefore(
  rows: readonly SentRow[],
  before: string,
): ((row: SentRow, index: number) => boolean) | undefined {
  if (before === '') return () => true;
  if (/^[0-9a-f]{40}$/.test(before)) {
    const position = rows.findIndex((row) => row.id === before);
    return (_row, index) => position !== -1 && index > position;
  }
  const plain = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(before);
  const limitMs = /^\d{1,12}$/.test(before)
    ? Number(before) * 1_000
    : Date.parse(plain ? `${before.replace(' ', 'T')}Z` : before);
  return Number.isNaN(limitMs) ? undefined : (row) => row.takenAtMs < limitMs;
}
