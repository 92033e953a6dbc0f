import { createHash } from 'node:crypto';
import type { InboundMessage } from '../domain/inbound-messages.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { readCode } from './provider-code.js';
import { readMessageTime, type ReadableTime } from './read-message-time.js';
import { collectFields, hasField, pickFields, readId, type RowFields } from './row-fields.js';

/**
 * A message of the inbox with its time as the row has it, from which a next page can be asked for.
 */
export interface InboundRow {
  readonly message: InboundMessage;
  readonly time: ReadableTime | undefined;
}

/**
 * By their plain names, the published one first. Not `phone` or `alias`: the first may be the
 * account's own phone, the second is a name of the owner's address book.
 */
const SENDER = ['number', 'from', 'sender', 'originator', 'msisdn'];
const TEXT = ['message', 'text', 'body', 'content', 'sms'];
const IDS = ['guid', 'guidmessage', 'messageid', 'id', 'idsms', 'smsid'];
const PHONE = ['sidentifiantphone', 'sidentifiant', 'sid', 'deviceid', 'phoneid'];
/** `date` with `hour` comes as two fields, as clients met it. */
const DATE = ['date'];
const HOUR = ['hour', 'heure'];
const DATES = [
  'timestampunix',
  'timestamp',
  'timereceived',
  'receivedat',
  'datetime',
  ...DATE,
  'time',
  'createdat',
];

/** A longer id is taken as a part of the hash, in characters. */
const MAX_ID_LENGTH = 200;

/** 20260131090500, or with milliseconds 20260131090500123. */
const DIGITS_DATE = /^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/;
const PLAIN_DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads one row of the inbox; pure, and never throws. Undefined if no known field holds a sender or
 * a text. `nowMs` (epoch milliseconds) bounds what can be a date.
 *
 * Read more tolerantly than a row of sent messages: a STOP that cannot be read would be one that is
 * not honoured, so the first field that can be read counts, and a row needs no date.
 */
export function readInboundRow(row: unknown, nowMs: number): InboundRow | undefined {
  const fields = collectFields(row);
  const from = firstOf(pickFields(fields, SENDER), readWritten);
  const message = firstOf(pickFields(fields, TEXT), readText) ?? (isTextBlank(row, fields) ? '' : undefined);
  if (from === undefined || message === undefined) return undefined;
  const [phoneId] = pickFields(fields, PHONE).flatMap(readId).map(storable);
  const dates = [...joinDateAndHour(fields), ...pickFields(fields, DATES).map(withSeparators)];
  const time = readMessageTime(dates, nowMs);
  const readable = time.kind === 'unreadable' ? undefined : time;
  const [id] = pickFields(fields, IDS).flatMap(readId).map(storable);
  return {
    message: {
      providerId:
        id !== undefined && id.length <= MAX_ID_LENGTH ? id : hashOf([phoneId, from, id, message, dates]),
      from,
      message,
      receivedAtMs: readable && (readable.kind === 'exact' ? readable.atMs : readable.asUtcMs),
      ...omitUndefined({ phoneId }),
    },
    time: readable,
  };
}

/** An id for a row, from all that makes it another row. */
export function hashOf(parts: readonly unknown[]): string {
  return `sha256-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}

function firstOf(
  fields: readonly unknown[],
  read: (field: unknown) => string | undefined,
): string | undefined {
  return fields.map(read).find((value) => value !== undefined);
}

/** PHP may write a number for a string of digits. */
function readText(field: unknown): string | undefined {
  if (typeof field === 'number') return Number.isFinite(field) ? String(field) : undefined;
  return typeof field === 'string' ? storable(field) : undefined;
}

function readWritten(field: unknown): string | undefined {
  return readText(field)?.trim();
}

/**
 * PostgreSQL stores neither NUL nor half a character: one such text would block all that follow.
 */
function storable(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\ufffd');
}

/** An empty SMS has its field; the text of a picture has none. */
function isTextBlank(row: unknown, fields: RowFields): boolean {
  return hasField(row, TEXT) && pickFields(fields, TEXT).length === 0;
}

function joinDateAndHour(fields: RowFields): string[] {
  const [date] = pickFields(fields, DATE);
  const [hour] = pickFields(fields, HOUR);
  if (typeof date !== 'string' || typeof hour !== 'string') return [];
  const day = date.trim().split(/[T ]/, 1)[0] ?? '';
  return PLAIN_DATE.test(day) ? [`${day} ${hour.trim()}`] : [];
}

/** A date of digits only in the form that dates are read in, others as they are. */
function withSeparators(value: unknown): string {
  const text = readCode(value) ?? '';
  const parts = DIGITS_DATE.exec(text);
  if (parts === null) return text;
  const [, year, month, day, hour, minute, second, fraction = '0'] = parts;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}.${fraction}`;
}
