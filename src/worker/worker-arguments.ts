import { parseArgs } from 'node:util';
import { omitUndefined } from '../domain/omit-undefined.js';
import { StartError } from '../run-process.js';
import type { PortsTuning } from './open-ports.js';

/**
 * Reads the arguments of the worker's process, which are for development and tests: there, a run
 * must not wait for a minute until a row is claimed or its phone is asked, and Temporal lists runs
 * at once.
 *
 * @throws StartError for a time that is none
 */
export function readWorkerArguments(args: readonly string[]): PortsTuning {
  const { values } = parseArgs({
    args: [...args],
    options: { 'listing-lag-ms': { type: 'string' }, 'deliveries-every-ms': { type: 'string' } },
    strict: false,
  });
  const read = (name: keyof typeof values) => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !/^\d{1,7}$/.test(value)) {
      throw new StartError(`--${name} must be a whole number of milliseconds.`);
    }
    return Number(value);
  };
  return omitUndefined({
    listingLagMs: read('listing-lag-ms'),
    deliveriesEveryMs: read('deliveries-every-ms'),
  });
}
