import { parseArgs } from 'node:util';
import { StartError } from '../run-process.js';
import type { PortsTuning } from './open-ports.js';

/**
 * Reads the arguments of the worker's process, which are for development and tests: there, a run
 * must not wait for a minute until a row is claimed, and Temporal lists runs at once.
 *
 * @throws StartError for a time that is none
 */
export function readWorkerArguments(args: readonly string[]): PortsTuning {
  const { values } = parseArgs({
    args: [...args],
    options: { 'listing-lag-ms': { type: 'string' } },
    strict: false,
  });
  const value = values['listing-lag-ms'];
  if (value === undefined) return {};
  if (typeof value !== 'string' || !/^\d{1,7}$/.test(value)) {
    throw new StartError('--listing-lag-ms must be a whole number of milliseconds.');
  }
  return { listingLagMs: Number(value) };
}
