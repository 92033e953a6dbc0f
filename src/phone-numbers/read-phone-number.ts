import {
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
  type PhoneNumberType,
} from 'libphonenumber-js/max';
import { cleanPhoneNumber } from './clean-phone-number.js';

/**
 * A number that was read: in E.164, or why it is not taken, in words that follow the name of the
 * field.
 */
export type PhoneReading = { readonly number: string } | { readonly problem: string };

/** How a number is read. */
export interface PhoneReadingOptions {
  /** Where a number without country code is from. */
  readonly defaultRegion: CountryCode;
  /**
   * Take every number in E.164, also one that cannot receive an SMS or that no numbering plan has.
   *
   * @default false
   */
  readonly allowAnyNumber?: boolean;
}

/** E.164: a plus, a country code that does not start with 0, 7 to 15 digits in all. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** The range that ARCEP keeps for fiction: no numbering plan has it, and it is free for tests. */
const FICTION = /^\+3363998\d{4}$/;

/**
 * Regions that dial each other as one country, with a 0: metropolitan France and the overseas
 * departments.
 */
const FRENCH_PLAN: ReadonlySet<string> = new Set(['FR', 'GP', 'BL', 'MF', 'GF', 'MQ', 'RE', 'YT']);

/**
 * Their country codes, metropolitan France first; 508 is Saint Pierre and Miquelon, whose newer
 * numbers belong to the same plan.
 */
const FRENCH_CODES = ['33', '590', '594', '596', '262', '508'];

/** Overseas prefixes without their 0, for numbers that the plan does not have (yet). */
const OVERSEAS_PREFIXES: readonly [RegExp, string][] = [
  [/^69[01]/, '590'],
  [/^694/, '594'],
  [/^69[67]/, '596'],
  [/^(?:69[23]|639)/, '262'],
];

/** Why a number of a type receives no SMS. */
const REFUSED_TYPES: Readonly<Record<PhoneNumberType, string | undefined>> = {
  MOBILE: undefined,
  FIXED_LINE_OR_MOBILE: undefined,
  FIXED_LINE: 'a fixed line',
  PREMIUM_RATE: 'a premium-rate number',
  TOLL_FREE: 'a freephone number',
  SHARED_COST: 'a shared-cost number',
  VOIP: 'a VoIP number',
  PERSONAL_NUMBER: 'a personal number',
  PAGER: 'a pager',
  UAN: 'a company number',
  VOICEMAIL: 'a voicemail number',
};

/**
 * A number as people write it. Without `allowAnyNumber`, only mobile numbers, and those that may be
 * mobile, are taken, by the full numbering plans.
 */
export function readPhoneNumber(written: string, options: PhoneReadingOptions): PhoneReading {
  const cleaned = cleanPhoneNumber(written);
  if (cleaned === undefined)
    return { problem: 'must be a single phone number, without extension or other text' };
  const candidates = candidatesFor(cleaned, options.defaultRegion);
  const taken = candidates.find(canReceiveSms);
  if (taken !== undefined) return { number: taken.number };
  const best = candidates.find((candidate) => candidate.isValid()) ?? candidates[0];
  if (options.allowAnyNumber !== true) return { problem: problemOf(best) };
  const isNational = !cleaned.startsWith('+') && !cleaned.startsWith('00');
  const number = best === undefined ? `+${cleaned.replace(/^(?:\+|00)/, '')}` : best.number;
  return E164.test(number) && (!isNational || best?.isPossible() === true)
    ? { number }
    : { problem: 'must be a phone number in E.164 form, or convertible to it' };
}

/** The numbers that this may be, the likeliest first. */
function candidatesFor(cleaned: string, defaultRegion: CountryCode): PhoneNumber[] {
  if (cleaned.startsWith('+')) return parseEach([cleaned]);
  const own = parsePhoneNumberFromString(cleaned, { defaultCountry: defaultRegion, extract: false });
  return [
    ...(FRENCH_PLAN.has(defaultRegion) ? parseEach(inFrenchPlan(cleaned)) : []),
    ...(own === undefined ? [] : [own]),
    // Some regions dial abroad with other digits, and 00 is understood everywhere.
    ...(cleaned.startsWith('00') ? parseEach([`+${cleaned.slice(2)}`]) : []),
  ];
}

/**
 * A national number under each country code of the French plan; the code of its prefix comes first.
 */
function inFrenchPlan(national: string): string[] {
  const { significant } = /^0?(?<significant>[1-9]\d{8})$/.exec(national)?.groups ?? {};
  if (significant === undefined) return [];
  const overseas = overseasCode(significant);
  return (overseas === undefined ? FRENCH_CODES : [overseas, ...FRENCH_CODES]).map(
    (code) => `+${code}${significant}`,
  );
}

function overseasCode(significant: string): string | undefined {
  if (significant.length !== 9 || FICTION.test(`+33${significant}`)) return undefined;
  return OVERSEAS_PREFIXES.find(([prefix]) => prefix.test(significant))?.[1];
}

function parseEach(numbers: readonly string[]): PhoneNumber[] {
  return numbers
    .map((number) => parsePhoneNumberFromString(number, { extract: false }))
    .filter((parsed) => parsed !== undefined);
}

function canReceiveSms(candidate: PhoneNumber): boolean {
  const type = candidate.getType();
  return FICTION.test(candidate.number) || (type !== undefined && REFUSED_TYPES[type] === undefined);
}

/** Why a number that was parsed, or none, is not taken. */
function problemOf(candidate: PhoneNumber | undefined): string {
  if (candidate === undefined) return 'must be a single phone number with an existing country code';
  const { countryCallingCode, nationalNumber } = candidate;
  const type = candidate.getType();
  const kind = type === undefined ? undefined : REFUSED_TYPES[type];
  if (kind !== undefined) return `must be a number that can receive SMS, but is ${kind}`;
  if (nationalNumber.length <= 6) return 'must be a complete phone number: short codes do not receive SMS';
  const code = countryCallingCode === '33' ? overseasCode(nationalNumber) : undefined;
  return code === undefined
    ? 'must be a mobile number in the numbering plan of its country'
    : `must have the country code of its overseas department: +${code}, not +33`;
}
