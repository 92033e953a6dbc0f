import type { ConnectedPhone } from '../domain/connected-phones.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { readCode } from './provider-code.js';
import { readMessageTime } from './read-message-time.js';
import { saysNo } from './reply-evidence.js';
import { collectFields, pickFields, readId } from './row-fields.js';

/** By their plain names, as clients met them; the shape is not published. */
const IDS = ['sidentifiant', 'sidentifiantphone', 'sid', 'phoneid', 'deviceid', 'guid', 'id'];
const LABELS = ['label', 'name', 'phone', 'model'];
const ONLINE = ['online', 'isonline', 'connected', 'isconnected', 'status', 'state'];
const LAST_SEEN = [
  'lastseen',
  'lastseenat',
  'lastconnection',
  'lastactivity',
  'lastupdate',
  'updatedat',
  'timestampunix',
];
const BATTERY = ['battery', 'batterylevel'];
const VERSION = ['version', 'appversion'];

const IS_ONLINE = /^(?:1|true|yes|on|online|connected|active|ok|ready)$/i;
const IS_OFFLINE = /^(?:offline|disconnected|inactive|not.?connected|unreachable)$/i;

/**
 * Reads one row of the list of phones; pure, and never throws. Undefined if it holds no id. `nowMs`
 * (epoch milliseconds) bounds what can be a date.
 */
export function readPhoneRow(row: unknown, nowMs: number): ConnectedPhone | undefined {
  const fields = collectFields(row);
  const pick = (names: readonly string[]) => pickFields(fields, names);
  const [phoneId] = pick(IDS).flatMap(readId);
  if (phoneId === undefined) return undefined;
  const time = readMessageTime(pick(LAST_SEEN), nowMs);
  const lastSeenAtMs =
    time.kind === 'exact' ? time.atMs : time.kind === 'zoneless' ? time.asUtcMs : undefined;
  return {
    phoneId,
    ...omitUndefined({
      label: pick(LABELS).flatMap(readId)[0],
      online: readOnline(pick(ONLINE)),
      lastSeenAtMs,
      battery: pick(BATTERY).flatMap(readPercent)[0],
      version: pick(VERSION).flatMap(readId)[0],
    }),
  };
}

/** A phone is online if a field says so; one that says both is not believed. */
function readOnline(fields: readonly unknown[]): boolean | undefined {
  const words = fields.map((field) => (field === true ? 'true' : (readCode(field) ?? '')));
  const isOnline = words.some((word) => IS_ONLINE.test(word));
  const isOffline = words.some((word) => IS_OFFLINE.test(word)) || fields.some((field) => saysNo(field));
  return isOnline === isOffline ? undefined : isOnline;
}

function readPercent(field: unknown): number[] {
  const text = typeof field === 'number' || typeof field === 'string' ? String(field).trim() : '';
  const percent = /^\d{1,3}(?:\.\d+)? ?%?$/.test(text) ? Number.parseFloat(text) : NaN;
  return percent <= 100 ? [percent] : [];
}
