import { getCountry, getTimezone } from 'countries-and-timezones';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { SendingPolicy } from './sending-policy.js';
import { isTimeZone, zoneClock } from './zone-clock.js';

/** Regions of numbering plans that the list of countries does not have. */
const OTHER_REGIONS: Readonly<Record<string, readonly string[]>> = {
  AC: ['Atlantic/St_Helena'],
  TA: ['Atlantic/St_Helena'],
  XK: ['Europe/Belgrade'],
};

/**
 * The zones in which a recipient may be, by the country of the number, in E.164. The message may be
 * sent when it is within the hours in all of them.
 *
 * A number at home is in the policy's zone, if that is a zone of the country. A number whose digits
 * leave several countries open is in the zones of each; a number of no country, such as a satellite
 * phone, is in the policy's zone.
 */
export function recipientTimeZones(recipientPhone: string, policy: SendingPolicy): readonly string[] {
  const zones = countriesOf(recipientPhone).flatMap((country) => zonesAt(country, policy));
  return zones.length === 0 ? [policy.timeZone] : [...new Set(zones)];
}

function countriesOf(phone: string): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone, { extract: false });
  if (parsed === undefined) return [];
  return parsed.country === undefined ? parsed.getPossibleCountries() : [parsed.country];
}

function zonesAt(country: string, policy: SendingPolicy): readonly string[] {
  if (country === policy.region && isZoneOf(country, policy.timeZone)) return [policy.timeZone];
  const zones = getCountry(country)?.timezones ?? OTHER_REGIONS[country] ?? [];
  // A zone that is newer than the runtime's data is like one of its neighbours in the list.
  return zones.filter(isTimeZone);
}

function isZoneOf(country: string, timeZone: string): boolean {
  return [timeZone, zoneClock(timeZone).timeZone].some((name) =>
    getTimezone(name)?.countries.some((each) => each === country),
  );
}
