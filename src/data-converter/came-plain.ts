/** The property that the payload converter gives to objects that came unencrypted. */
export const CAME_PLAIN_PROPERTY = Symbol.for('durable-sms.came-plain');

/** Whether this very value was read from an unencrypted payload; a copy of it does not know. */
export function camePlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && CAME_PLAIN_PROPERTY in value;
}
