import 'server-only';

/**
 * Reads a variable when it is needed: `next build` has none of them.
 *
 * @throws Error that names the variable
 */
export function setting(
  name: 'DATABASE_URL' | 'SESSION_SECRET' | 'SMS_PAYLOAD_KEYS' | 'TEMPORAL_ADDRESS',
): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing.`);
  return value;
}
