import type { PhoneReport } from '../domain/following/phone-report.js';
import { isRecord } from '../domain/is-record.js';
import { isEchoOf, printableCode, readCode } from './provider-code.js';
import { readMessageTime } from './read-message-time.js';
import { readMessageRow } from './read-message-row.js';
import { collectFields, pickFields } from './row-fields.js';

/** What a row of the list of sent messages says of the phone. */
export interface DeliveryRow {
  /** Any id that the row carries. */
  readonly messageIds: readonly string[];
  readonly report: Extract<PhoneReport, { kind: 'sent' | 'failed' | 'pending' | 'unclear' }>;
}

/** By their plain names; confirmed by client code. */
const SENT = ['sendfrommobile'];
const FAILURES = ['sendfrommobileerreur', 'errorapi'];
/**
 * Names that can only mean when the phone sent the message; none is published. A date of another
 * name is when the provider took it.
 */
const SENT_TIMES = [
  'sendfrommobiledate',
  'sendfrommobiledatetime',
  'sendfrommobiletime',
  'sendfrommobiletimestamp',
  'sendfrommobileat',
  'datesendfrommobile',
];

const YES = /^(?:1|true|yes)$/i;
const NO = /^(?:false|no|none|null|nil|0*)$/i;
/** Ways to say that there was no failure. */
const NO_FAILURE = /^(?:false|no|none|null|nil|ok|0*)$/i;

/**
 * Reads what a row says of the phone; pure, and never throws. `nowMs` (epoch milliseconds) bounds
 * what can be a date.
 *
 * "Sent" only if the row says so and names no failure: one that says both is unclear, as is one
 * whose words cannot be read.
 */
export function readDeliveryRow(value: unknown, apiKey: string, nowMs: number): DeliveryRow {
  const fields = collectFields(value);
  const pick = (names: readonly string[]) => pickFields(fields, names).filter((field) => field !== undefined);
  const { messageIds, number, text } = readMessageRow(value, nowMs);
  const sent = new Set(pick(SENT).map(readAnswer));
  const failures = pick(FAILURES).map(readFailure);
  const secrets = [apiKey, number, text].filter(
    (secret) => secret !== undefined && secret !== '',
  ) as string[];
  const report = (): DeliveryRow['report'] => {
    if (!isRecord(value) || sent.has('unclear') || sent.size > 1) return { kind: 'unclear' };
    const isSent = sent.has('yes');
    const codes = failures.filter((failure) => failure !== NOTHING && failure !== UNCLEAR);
    if (codes.length > 0 && !isSent) return { kind: 'failed', code: codeOf(codes, secrets) };
    if (codes.length > 0 || failures.includes(UNCLEAR)) return { kind: 'unclear' };
    if (!isSent) return { kind: 'pending' };
    const time = readMessageTime(pick(SENT_TIMES), nowMs);
    return time.kind === 'exact' ? { kind: 'sent', sentAtMs: time.atMs } : { kind: 'sent' };
  };
  return { messageIds, report: report() };
}

function readAnswer(field: unknown): 'yes' | 'no' | 'unclear' {
  if (typeof field === 'boolean') return field ? 'yes' : 'no';
  const word = readCode(field);
  if (word === undefined) return 'unclear';
  if (YES.test(word)) return 'yes';
  return NO.test(word) ? 'no' : 'unclear';
}

const NOTHING = Symbol('no failure');
const UNCLEAR = Symbol('cannot be read');

/** The provider's word for a failure. */
function readFailure(field: unknown): string | typeof NOTHING | typeof UNCLEAR {
  if (typeof field === 'boolean') return field ? 'unspecified' : NOTHING;
  const word = readCode(field);
  if (word === undefined) return isEmptyObject(field) ? NOTHING : UNCLEAR;
  return NO_FAILURE.test(word) ? NOTHING : word;
}

/** PHP writes an empty list as an object, too. */
function isEmptyObject(field: unknown): boolean {
  return isRecord(field) && Object.keys(field).length === 0;
}

/** The code where it is fit to be shown: other words may quote the number, the text or the key. */
function codeOf(words: readonly (string | symbol)[], secrets: readonly string[]): string {
  const codes = words.map((word) => printableCode(String(word)));
  const isEcho = (code: string) => secrets.some((secret) => isEchoOf(code, secret));
  return codes.find((code) => code !== undefined && !isEcho(code)) ?? 'unspecified';
}
