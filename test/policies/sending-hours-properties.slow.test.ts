import { getAllTimezones } from 'countries-and-timezones';
import fc from 'fast-check';
import { isTimeZone } from '../../src/policies/zone-clock.js';
import { checkHours, clockChanges, hoursCases } from './hours-cases.js';

/** Every name of the IANA database, links included. */
const ZONES = [
  ...new Set([
    ...Intl.supportedValuesOf('timeZone'),
    ...Object.keys(getAllTimezones({ deprecated: true })).filter(isTimeZone),
  ]),
].sort();

/** `Europe`, `America` …; zones without one stand together. */
const AREAS = [...new Set(ZONES.map(areaOf))];

const CASES_PER_ZONE = 40;

/** Another number tries other windows. */
const SEED = Number(process.env['HOURS_SEED'] ?? 20261025);

describe(`the sending hours and a second implementation, over ten years (${ZONES.length * CASES_PER_ZONE} cases)`, () => {
  for (const area of AREAS) {
    const zones = ZONES.filter((zone) => areaOf(zone) === area);
    it(`agree in ${zones.length} zones: ${area}`, () => {
      for (const zone of zones)
        fc.assert(
          fc.property(hoursCases(clockChanges(zone)), (one) => {
            checkHours(zone, one);
          }),
          { seed: SEED + ZONES.indexOf(zone), numRuns: CASES_PER_ZONE },
        );
    });
  }
});

function areaOf(zone: string): string {
  return zone.includes('/') ? zone.replace(/\/.*/, '') : 'names without an area';
}
