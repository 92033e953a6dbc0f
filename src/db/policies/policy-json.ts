import type { SendingPolicy } from '../../policies/sending-policy.js';

/** A row of `sending_policies` as PostgreSQL's JSON writes it. */
export interface PolicyJson {
  readonly region: string;
  readonly time_zone: string;
  readonly days: readonly number[];
  readonly opens_at: string;
  readonly closes_at: string;
  readonly holidays: SendingPolicy['holidays'];
  readonly per_minute: number;
  readonly segments_per_minute: number;
  readonly per_hour: number;
  readonly per_day: number;
  readonly new_recipients_per_30_days: number;
}

/** A policy as PostgreSQL's JSON writes it. */
export function toPolicy(row: PolicyJson): SendingPolicy {
  return {
    region: row.region,
    timeZone: row.time_zone,
    days: row.days,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    holidays: row.holidays,
    perMinute: row.per_minute,
    segmentsPerMinute: row.segments_per_minute,
    perHour: row.per_hour,
    perDay: row.per_day,
    newRecipientsPer30Days: row.new_recipients_per_30_days,
  };
}
