import { DEFAULT_MAX_RESENDS, DEFAULT_ON_UNKNOWN, DEFAULT_UNKNOWN_CHECKS_MS } from './replayed-constants.js';
import type { SmsJob, SmsOptions } from './sms-job.js';

/** What a job asks for that leaves an option out. */
const DEFAULT_OPTIONS: SmsOptions = {
  onUnknown: DEFAULT_ON_UNKNOWN,
  maxResends: DEFAULT_MAX_RESENDS,
  unknownChecksMs: [...DEFAULT_UNKNOWN_CHECKS_MS],
  allowAnyNumber: false,
  purpose: 'transactional',
};

/**
 * The names of the fields by which two checked jobs ask for different sends, in alphabetical order;
 * empty if they ask for the same one. They are compared after defaults and as JSON would store
 * them. `expiresAt` is not compared, because a caller that repeats a request often counts it from
 * now; nor is what follows the acceptance, which changes nothing that is sent. `sendAt` is, to the
 * second.
 */
export function differingFields(one: SmsJob, other: SmsJob): readonly string[] {
  const [ones, others] = [comparableFields(one), comparableFields(other)];
  const names = new Set([...ones.keys(), ...others.keys()]);
  return [...names].filter((name) => ones.get(name) !== others.get(name)).sort();
}

/** Each field that a job has, by its name, as JSON. */
function comparableFields({ metadata, options, ...job }: SmsJob): ReadonlyMap<string, string> {
  const sendAtMs = options?.sendAt === undefined ? undefined : Date.parse(options.sendAt);
  const all = {
    ...job,
    accountId: job.accountId.toLowerCase(),
    ...named('metadata', metadata),
    ...named('options', DEFAULT_OPTIONS),
    ...named('options', options),
    'options.sendAt': sendAtMs === undefined ? undefined : Math.floor(sendAtMs / 1000),
    'options.expiresAt': undefined,
    'options.follow': undefined,
    'options.followChecksMs': undefined,
  };
  return new Map(
    Object.entries(all).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, JSON.stringify(value)]],
    ),
  );
}

/** The fields of a part of a job, by their full names; what is undefined is not there. */
function named(part: string, values: object = {}): Record<string, unknown> {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [`${part}.${name}`, value]));
}
