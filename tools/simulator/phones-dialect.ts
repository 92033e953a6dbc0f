import { z } from 'zod';
import type { PhoneState } from './phone-states.js';
import { formatDate } from './sent-messages-dialect.js';

/** The spellings that the list of phones can take, as the provider does not publish its fields. */
export const phonesDialectSchema = z.strictObject({
  list: z.enum(['mobiles', 'mobile']),
  id: z.enum(['sid', 'sIdentifiant', 'sIdentifiantPhone']),
  label: z.enum(['label', 'name', 'phone']),
  online: z.enum(['online', 'connected', 'status', 'none']),
  onlineForm: z.enum(['digit', 'number', 'boolean', 'word']),
  battery: z.enum(['string', 'number', 'percent', 'none']),
  lastSeen: z.enum(['last_seen', 'timestamp_unix', 'none']),
});

/** How the rows of the list of phones are spelt. */
export type PhonesDialect = z.output<typeof phonesDialectSchema>;

/** The spelling that the reference expects first. */
export const DEFAULT_PHONES_DIALECT: PhonesDialect = {
  list: 'mobiles',
  id: 'sid',
  label: 'label',
  online: 'online',
  onlineForm: 'digit',
  battery: 'string',
  lastSeen: 'last_seen',
};

/** Spells a row of the list of phones as the dialect wants it. */
export function spellPhone(
  phone: { readonly id: string; readonly label: string },
  state: PhoneState,
  dialect: PhonesDialect,
): Record<string, unknown> {
  return {
    [dialect.id]: phone.id,
    [dialect.label]: phone.label,
    ...(dialect.online !== 'none' && { [dialect.online]: spellOnline(state.online, dialect.onlineForm) }),
    ...(dialect.battery !== 'none' && { battery: spellBattery(state.battery, dialect.battery) }),
    version: state.version,
    ...(dialect.lastSeen === 'last_seen' && { last_seen: formatDate(state.lastSeenAtMs) }),
    ...(dialect.lastSeen === 'timestamp_unix' && {
      timestamp_unix: String(Math.floor(state.lastSeenAtMs / 1_000)),
    }),
  };
}

function spellOnline(isOnline: boolean, form: PhonesDialect['onlineForm']): unknown {
  const forms = {
    digit: isOnline ? '1' : '0',
    number: isOnline ? 1 : 0,
    boolean: isOnline,
    word: isOnline ? 'online' : 'offline',
  };
  return forms[form];
}

function spellBattery(percent: number, form: PhonesDialect['battery']): unknown {
  if (form === 'number') return percent;
  return form === 'percent' ? `${percent}%` : String(percent);
}
