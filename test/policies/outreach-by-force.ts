import type { FirstContact, OutreachHistory, OutreachRow } from '../../src/policies/outreach-history.js';
import type { SendingPolicy } from '../../src/policies/sending-policy.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the queries in the docstring of OutreachHistory select, row by row. */
export function selectHistory(
  outreach: readonly OutreachRow[],
  lane: string,
  phone: string,
  nowMs: number,
): OutreachHistory {
  const counted = outreach.filter(
    (row) => row.state !== 'released' && (lane === '' || row.lane === lane || row.lane === ''),
  );
  const groups = new Map<string, OutreachRow[]>();
  for (const row of counted) {
    const key = `${row.phone} ${row.lane}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const firstContacts: FirstContact[] = [];
  for (const group of groups.values()) {
    const [{ phone: contact, lane: by }] = group as [OutreachRow];
    const at = Math.min(...group.map((row) => row.at));
    const last = Math.max(...group.map((row) => row.at));
    if (at > nowMs - 31 * DAY || last > nowMs || contact === phone)
      firstContacts.push({ phone: contact, lane: by, at });
  }
  return { rows: counted.filter((row) => row.at > nowMs - 25 * HOUR), firstContacts };
}

/**
 * What a set of requests breaks, found by looking at every window that begins with a request. Each
 * window is half-open, and `longerMs` longer than the limit says.
 */
export function brokenLimits(
  outreach: readonly OutreachRow[],
  policy: SendingPolicy,
  longerMs = 0,
): string[] {
  const counted = outreach.filter((row) => row.state !== 'released');
  const named = [...new Set(counted.map((row) => row.lane))].filter((lane) => lane !== '');
  return (named.length === 0 ? [''] : named).flatMap((lane) => {
    const rows = counted
      .filter((row) => row.lane === lane || row.lane === '')
      .sort((one, other) => one.at - other.at);
    const firsts = [...new Set(rows.map((row) => row.phone))].map((phone) =>
      Math.min(...rows.filter((row) => row.phone === phone).map((row) => row.at)),
    );
    const moments = rows.map((row) => row.at);
    return [
      [policy.perMinute, mostIn(moments, MINUTE + longerMs), 'minute'],
      [
        policy.segmentsPerMinute,
        mostIn(moments, MINUTE + longerMs, (index) => rows[index]?.segments ?? 0),
        'segments',
      ],
      [policy.perHour, mostIn(moments, HOUR + longerMs), 'hour'],
      [policy.perDay, mostIn(moments, DAY + longerMs), 'day'],
      [policy.newRecipientsPer30Days, mostIn(firsts, 30 * DAY + longerMs), 'new recipients'],
    ].flatMap(([limit, most, name]) =>
      Number(most) > Number(limit) ? [`${lane}: ${most} of ${limit} (${name})`] : [],
    );
  });
}

/** The shortest time between two requests of one phone, in milliseconds. */
export function shortestSpacing(outreach: readonly OutreachRow[]): number {
  const counted = outreach.filter((row) => row.state !== 'released');
  const named = [...new Set(counted.map((row) => row.lane))].filter((lane) => lane !== '');
  return Math.min(
    ...(named.length === 0 ? [''] : named).flatMap((lane) => {
      const moments = counted
        .filter((row) => row.lane === lane || row.lane === '')
        .map((row) => row.at)
        .sort((one, other) => one - other);
      return moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
    }),
  );
}

function mostIn(moments: readonly number[], windowMs: number, weigh: (index: number) => number = () => 1) {
  return Math.max(
    0,
    ...moments.map((start) =>
      moments.reduce((sum, at, index) => sum + (at >= start && at < start + windowMs ? weigh(index) : 0), 0),
    ),
  );
}
