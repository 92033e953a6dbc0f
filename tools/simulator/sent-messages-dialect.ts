import { z } from 'zod';

/**
 * The spellings that the list of sent messages can take, as the provider does not publish the names
 * of its fields.
 */
export const logDialectSchema = z.strictObject({
  number: z.enum(['number', 'recipients']),
  numberForm: z.enum(['e164', 'national', 'digits']),
  guid: z.enum(['guid', 'guid_message', 'id']),
  dates: z.array(z.enum(['date', 'datetime', 'timestamp_unix'])).min(1),
  dateForm: z.enum(['plain', 'iso']),
  text: z.enum(['exact', 'trimmed']),
});

/** How the rows of the list of sent messages are spelt. */
export type LogDialect = z.output<typeof logDialectSchema>;

/** The spelling that the reference expects first. */
export const DEFAULT_LOG_DIALECT: LogDialect = {
  number: 'number',
  numberForm: 'e164',
  guid: 'guid',
  dates: ['date', 'timestamp_unix'],
  dateForm: 'plain',
  text: 'exact',
};

/** A date as `2026-01-31 09:05:00`, in UTC and without saying so, or as ISO 8601 with its zone. */
export function formatDate(atMs: number, form: LogDialect['dateForm'] = 'plain'): string {
  const iso = new Date(atMs).toISOString();
  return form === 'iso' ? iso : iso.slice(0, 19).replace('T', ' ');
}

/** A number as `+33639980001`, `0639980001` (French numbers only) or `33639980001`. */
export function formatNumber(e164: string, form: LogDialect['numberForm']): string {
  if (form === 'national') return e164.startsWith('+33') ? `0${e164.slice(3)}` : e164;
  return form === 'digits' ? e164.slice(1) : e164;
}
