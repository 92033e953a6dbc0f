import type { PlannedSend } from '../../plan/planned-send.js';
import type { PolicyEvidence } from './policy-evidence.js';
import { finding, sendsByText, type Rule } from './rule.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** No sliding window holds more marketing requests, or segments, than the account may send. */
export const aboveLimits: Rule = (evidence) =>
  windowsOf(evidence).flatMap(({ name, limit, counts }) =>
    counts.flatMap(({ send, count }) =>
      count > limit && send !== undefined
        ? [finding('above-limit', send, `${count} ${name}, and ${limit} are allowed`)]
        : [],
    ),
  );

/** How far each limit was used: the fullest window of the account that comes closest to it. */
export function describeUse(evidence: Pick<PolicyEvidence, 'sends' | 'requests' | 'limits'>): string {
  const fullest = new Map<string, { readonly most: number; readonly limit: number }>();
  for (const { name, limit, counts } of windowsOf(evidence)) {
    const most = counts.reduce((max, { count }) => Math.max(max, count), 0);
    const before = fullest.get(name);
    if (before === undefined || most / limit > before.most / before.limit) fullest.set(name, { most, limit });
  }
  return [...fullest].map(([name, { most, limit }]) => `${most} of ${limit} ${name}`).join(', ');
}

/** What every window of a limit of an account holds that ends with a request. */
interface LimitWindows {
  readonly name: string;
  readonly limit: number;
  readonly counts: readonly { readonly send: PlannedSend | undefined; readonly count: number }[];
}

interface Counted {
  readonly atMs: number;
  readonly segments: number;
  /** Undefined for a request of before the run. */
  readonly send: PlannedSend | undefined;
}

function windowsOf({
  sends,
  requests,
  limits,
}: Pick<PolicyEvidence, 'sends' | 'requests' | 'limits'>): LimitWindows[] {
  const sendOf = sendsByText(sends);
  return limits.flatMap(({ perMinute, segmentsPerMinute, perHour, earlierMs }, account) => {
    const earlier = earlierMs.map((atMs): Counted => ({ atMs, segments: 1, send: undefined }));
    const made = requests.flatMap((request): Counted[] => {
      const send = request.account === account ? sendOf(request) : undefined;
      if (send?.marketing === undefined) return [];
      return [{ atMs: request.atMs, segments: send.marketing.segments, send }];
    });
    const all = [...earlier, ...made].sort((one, other) => one.atMs - other.atMs);
    const one = () => 1;
    return [
      { name: 'requests in a minute', limit: perMinute, counts: countWindows(all, MINUTE_MS, one) },
      {
        name: 'segments in a minute',
        limit: segmentsPerMinute,
        counts: countWindows(all, MINUTE_MS, ({ segments }) => segments),
      },
      { name: 'requests in an hour', limit: perHour, counts: countWindows(all, HOUR_MS, one) },
    ];
  });
}

/** What the window that ends with each request holds, in the order of time. */
function countWindows(
  all: readonly Counted[],
  windowMs: number,
  weigh: (counted: Counted) => number,
): LimitWindows['counts'] {
  let first = 0;
  let count = 0;
  return all.map((counted) => {
    count += weigh(counted);
    for (let old = all[first]; old !== undefined && old.atMs <= counted.atMs - windowMs; old = all[++first]) {
      count -= weigh(old);
    }
    return { send: counted.send, count };
  });
}
