import { z } from 'zod';
import type { InboundMessage } from './inbound-message.js';
import { formatDate, formatNumber } from './sent-messages-dialect.js';

/** The spellings that the inbox can take: the published one, and older ones that clients met. */
export const inboxDialectSchema = z.strictObject({
  /** A row's time: unix seconds, `time_received` in three forms, or two fields. */
  time: z.enum([
    'timestamp_unix',
    'time_received-ms',
    'time_received-s',
    'time_received-digits',
    'date-hour',
    'none',
  ]),
  /** Ids and times as JSON strings or numbers. */
  values: z.enum(['strings', 'numbers']),
  ids: z.enum(['id-guid', 'id', 'guid', 'none']),
  numberForm: z.enum(['as-written', 'e164', 'national', 'digits']),
  order: z.enum(['newest-first', 'oldest-first']),
  /** How far the clock that dates the rows is ahead, in milliseconds. */
  clockOffsetMs: z.int().min(-2_000_000_000).max(2_000_000_000),
  /** What an unknown key gets: 403, or 200 with an empty list. */
  unknownKey: z.enum(['refused', 'empty']),
});

/** How the rows of the inbox are spelt. */
export type InboxDialect = z.output<typeof inboxDialectSchema>;

/** The published spelling. */
export const DEFAULT_INBOX_DIALECT: InboxDialect = {
  time: 'timestamp_unix',
  values: 'strings',
  ids: 'id-guid',
  numberForm: 'as-written',
  order: 'newest-first',
  clockOffsetMs: 0,
  unknownKey: 'refused',
};

/** When a row says that its message was received, epoch milliseconds. */
export function rowTimeMs(message: InboundMessage, dialect: InboxDialect): number {
  return Date.parse(message.receivedAt) + dialect.clockOffsetMs;
}

/** Spells a row of the inbox as the dialect wants it. */
export function spellInboundRow(message: InboundMessage, dialect: InboxDialect): Record<string, unknown> {
  const { ids, numberForm, values } = dialect;
  const spell = (digits: string) => (values === 'numbers' ? Number(digits) : digits);
  const isE164 = /^\+[1-9]\d+$/.test(message.from);
  return {
    ...(ids.includes('id') && ids !== 'guid' && { id: spell(message.id) }),
    sIdentifiantPhone: message.phoneId,
    ...spellTime(rowTimeMs(message, dialect), dialect.time, spell),
    message: message.text,
    number: numberForm === 'as-written' || !isE164 ? message.from : formatNumber(message.from, numberForm),
    ...(ids.endsWith('guid') && { guid: message.guid }),
    alias: '',
  };
}

function spellTime(
  atMs: number,
  time: InboxDialect['time'],
  spell: (digits: string) => string | number,
): Record<string, unknown> {
  const [date = '', hour = ''] = formatDate(atMs).split(' ');
  const seconds = String(Math.floor(atMs / 1_000));
  switch (time) {
    case 'timestamp_unix':
      return { timestamp_unix: spell(seconds) };
    case 'time_received-ms':
      return { time_received: spell(String(atMs)) };
    case 'time_received-s':
      return { time_received: spell(seconds) };
    case 'time_received-digits':
      // Always a string: the number is beyond 2^53.
      return { time_received: new Date(atMs).toISOString().replaceAll(/\D/g, '') };
    case 'date-hour':
      return { date, hour };
    case 'none':
      return {};
  }
}
