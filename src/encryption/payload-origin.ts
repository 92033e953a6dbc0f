/**
 * What a payload proves about where its value came from:
 *
 * - `bound`: it was encrypted for this very workflow id;
 * - `foreign`: it was encrypted for another one, from which somebody has copied it;
 * - `unbound`: it was encrypted where no workflow id was known, as by the codec server;
 * - `plain`: it was not encrypted.
 */
export type PayloadOrigin = 'bound' | 'foreign' | 'unbound' | 'plain';

/** The property that the payload converter gives to objects, with their {@link PayloadOrigin}. */
const ORIGIN_PROPERTY = Symbol.for('durable-sms.origin');

/** Where this very value came from; undefined for a copy of it, which does not know. */
export function originOf(value: unknown): PayloadOrigin | undefined {
  if (typeof value !== 'object' || value === null || !(ORIGIN_PROPERTY in value)) return undefined;
  return value[ORIGIN_PROPERTY] as PayloadOrigin;
}
