import type { MetricMeter } from '@temporalio/common';
import type { PolicyOverview } from '../domain/policy-overview.js';
import { WAIT_KINDS, type WaitKind } from '../domain/wait-reason.js';

/** How many sends wait, by what keeps them. */
export interface WaitingSends {
  /** A sending phone of their account is closed. */
  readonly phone: number;
  /** The inbox of their account is not read. */
  readonly inbox: number;
  /** Neither: they wait for the hours, their turn, or a person. */
  readonly moment: number;
}

/** What is measured of the policies. No label names an account. */
export interface PolicyMetrics {
  /** A marketing send has to wait. */
  countWait(kind: WaitKind): void;
  /** How the policies stand, how many sends wait, and when that was asked (epoch milliseconds). */
  set(overview: PolicyOverview, waiting: WaitingSends, atMs: number): void;
}

/** Makes the metrics of the policies. */
export function createPolicyMetrics(meter: MetricMeter): PolicyMetrics {
  const gauge = (name: string, description: string) => meter.createGauge(name, 'int', undefined, description);
  const waits = meter.createCounter('sms_waits_total', undefined, 'Waits of marketing sends, by reason');
  for (const reason of WAIT_KINDS) waits.add(0, { reason });
  const waiting = gauge('sms_waiting', 'Sends that wait now, by what keeps them');
  const grantsAhead = gauge('sms_grants_ahead', 'Granted moments that lie ahead');
  const optOuts = gauge('sms_opt_outs', 'Stored opt-outs, by source');
  const possible = gauge('sms_possible_opt_outs', 'Replies that a person has to decide about');
  const phones = gauge('sms_phones_closed', 'Sending phones that do not work');
  const inboxes = gauge('sms_inboxes', 'Inboxes that are to be read');
  const unread = gauge('sms_inboxes_unread', 'Inboxes that were not read for some time');
  const oldest = gauge('sms_inbox_oldest_reading_seconds', 'Age of the oldest reading of an inbox');
  const askedAt = gauge('sms_policies_timestamp_seconds', 'Unix time of the last look at the policies');
  return {
    countWait(reason) {
      waits.add(1, { reason });
    },
    set(overview, sends, atMs) {
      for (const [reason, count] of Object.entries(sends)) waiting.set(Number(count), { reason });
      for (const [source, count] of Object.entries(overview.optOuts)) optOuts.set(count, { source });
      for (const [over, count] of Object.entries(overview.inboxesUnread)) unread.set(count, { over });
      grantsAhead.set(overview.grantsAhead);
      possible.set(overview.possibleOptOuts);
      phones.set(overview.phonesClosed);
      inboxes.set(overview.inboxes);
      oldest.set(Math.round(overview.oldestReadingS));
      askedAt.set(Math.floor(atMs / 1000));
    },
  };
}
