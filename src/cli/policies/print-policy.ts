import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../policies/sending-policy.js';
import type { CliRun } from '../cli-run.js';
import { printable } from '../printable.js';
import { formatDays } from './read-policy-flags.js';

/** Prints what holds for an account: as JSON, or as lines for people. */
export function printPolicy(
  cli: CliRun,
  accountId: string,
  policy: SendingPolicy,
  json: boolean | undefined,
): void {
  if (json === true) {
    cli.print(JSON.stringify(Object.assign({ accountId }, policy)));
    return;
  }
  const usual = linesOf(DEFAULT_SENDING_POLICY);
  cli.print(lineOf('account', accountId));
  linesOf(policy).forEach(([name, value], index) => {
    cli.print(lineOf(name, usual[index]?.[1] === value ? `${value.padEnd(32)}(default)` : value));
  });
}

function lineOf(name: string, value: string): string {
  return `${name.padEnd(24)}${printable(value)}`;
}

function linesOf(policy: SendingPolicy): readonly (readonly [string, string])[] {
  return [
    ['region', policy.region],
    ['time zone', policy.timeZone],
    ['days', formatDays(policy.days)],
    ['opens', policy.opensAt],
    ['closes', policy.closesAt],
    ['holidays', policy.holidays],
    ['messages per minute', String(policy.perMinute)],
    ['segments per minute', String(policy.segmentsPerMinute)],
    ['messages per hour', String(policy.perHour)],
    ['messages per day', String(policy.perDay)],
    ['new recipients, 30 days', String(policy.newRecipientsPer30Days)],
  ];
}
