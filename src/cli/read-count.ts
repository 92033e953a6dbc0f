import { UsageError } from './cli-error.js';

/**
 * A whole number from the command line, at least 1.
 *
 * @throws UsageError that names the option
 */
export function readCount(option: string, text: string, most = 1_000_000): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw new UsageError(`${option} must be a whole number from 1 to ${most}.`);
  return count;
}
