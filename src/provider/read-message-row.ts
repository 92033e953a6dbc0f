import type { LoggedSms } from '../domain/sent-messages.js';
import { isEchoOf, printableCode, readCode } from './provider-code.js';
import { readMessageTime } from './read-message-time.js';
import { collectFields, pickFields, readId } from './row-fields.js';

/**
 * By their plain names, as the provider does not publish them. Not `phone` or `mobile`: the
 * provider calls the sending phone so, and every row would seem to be another's.
 */
const NUMBER = ['number', 'recipients', 'recipient', 'to', 'destination'];
const TEXT = ['message', 'text', 'body', 'content', 'sms'];
const IDS = ['guid', 'guidmessage', 'messageid', 'id'];
const DATES = ['timestampunix', 'timestamp', 'date', 'datetime', 'sentat', 'createdat'];
const FAILURES = ['errorapi', 'sendfrommobileerreur'];
const SENT = ['sendfrommobile'];

/** Ways to say that there was no failure. */
const NO_FAILURE = /^(?:false|no|none|null|nil|ok|0+)$/i;

/**
 * Reads one row of the list of sent messages; pure, and never throws. `nowMs` (epoch milliseconds)
 * bounds what can be a date.
 *
 * Read tolerantly and concluded strictly: a row decides whether a message may be sent a second
 * time, so a field that can be read in two ways is not read at all.
 */
export function readMessageRow(value: unknown, nowMs: number = Date.now()): LoggedSms {
  const fields = collectFields(value);
  const pick = (names: readonly string[]) => pickFields(fields, names);
  const text = agreeOn(pick(TEXT).map((field) => (typeof field === 'string' ? field : undefined)));
  const told = [...pick(TEXT), ...pick(NUMBER).flat()];
  const failure = readFailure(
    pick(FAILURES),
    told.flatMap((field) => readCode(field) ?? []),
  );
  return {
    messageIds: [...new Set(pick(IDS).flatMap(readId))],
    number: agreeOn(pick(NUMBER).map(readNumber)),
    text,
    time: readMessageTime(pick(DATES), nowMs),
    failure,
    ...(failure !== undefined && pick(SENT).some(isYes) ? { hasContradiction: true } : {}),
  };
}

function isYes(field: unknown): boolean {
  return field === true || readCode(field) === '1';
}

/** The one value of several fields of the same meaning, if each can be read and all are alike. */
function agreeOn(values: readonly (string | undefined)[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

/** A list of one recipient is that recipient; of more, the row speaks of several messages. */
function readNumber(field: unknown): string | undefined {
  if (Array.isArray(field))
    return field.length === 1 && !Array.isArray(field[0]) ? readNumber(field[0]) : undefined;
  if (typeof field === 'number') return Number.isSafeInteger(field) ? String(field) : undefined;
  if (typeof field !== 'string') return undefined;
  const [number, ...others] = field.split(/[,;|\n]/).filter((part) => part.trim() !== '');
  return others.length === 0 ? number?.trim() : undefined;
}

/**
 * The provider's code where it is fit to be shown: other words may quote the number or the text.
 */
function readFailure(fields: readonly unknown[], secrets: readonly string[]): string | undefined {
  const failures = fields.filter(
    (field) => field !== false && !NO_FAILURE.test(readCode(field) === '' ? 'none' : (readCode(field) ?? '')),
  );
  if (failures.length === 0) return undefined;
  const codes = failures.map((field) => printableCode(readCode(field) ?? ''));
  const isEcho = (code: string) => secrets.some((secret) => isEchoOf(code, secret));
  return codes.find((code) => code !== undefined && !isEcho(code)) ?? 'unspecified';
}
