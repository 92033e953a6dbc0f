import type { Logger } from 'pino';
import type { Failures } from './health-server.js';

/**
 * Writes one line for each change of what probes find, and none for a probe that finds the same:
 * `well` as information, `ill` as a warning with the reason of each failed check.
 */
export function logChanges(
  log: Pick<Logger, 'info' | 'warn'>,
  { well, ill }: { readonly well: string; readonly ill: string },
): (failures: Failures) => void {
  let last: string | undefined;
  return (failures) => {
    const failed = Object.keys(failures);
    const found = failed.toSorted().join();
    if (found === last) return;
    last = found;
    if (failed.length === 0) log.info(well);
    else log.warn({ failed: failures }, ill);
  };
}
