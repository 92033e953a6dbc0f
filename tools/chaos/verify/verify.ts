import type { SimulatorMessage } from '../../simulator/simulator-message.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { Finding } from './finding.js';
import { groupBy } from './group-by.js';
import { groupKey } from './group-key.js';
import type { ModeVerdict } from './mode-verdict.js';
import { verifyGroup } from './verify-group.js';
import type { RunReport } from './run-report.js';

/** What a run of the fire came to. */
export interface Verdict {
  readonly sends: number;
  readonly sent: number;
  readonly cancelled: number;
  /** Jobs that ended with a code, by code. */
  readonly failed: Readonly<Record<string, number>>;
  /**
   * A job says sent and no phone has its message, or it never ended, or its system has forgotten
   * it.
   */
  readonly lost: number;
  /** Messages beyond one for each job, and messages that no job requested. */
  readonly duplicated: number;
  /** Such messages of jobs that said so themselves, while the log was made to show rows late. */
  readonly duplicatedByLateRows: number;
  /** A job says that nothing was sent, and its message is on a phone. */
  readonly misreported: number;
  /** A job says sent, its message is on the phone, and has another id. */
  readonly wrongId: number;
  readonly unknownOutcomes: number;
  readonly resent: number;
  readonly reconciledByList: number;
  /** How often a job was held, by reason. */
  readonly held: Readonly<Record<string, number>>;
  /**
   * From the first request of the web app to the end of the job, in milliseconds; undefined if none
   * ended.
   */
  readonly msToClose: { readonly median: number; readonly longest: number } | undefined;
  /** What the counters of errors are made of. */
  readonly findings: readonly Finding[];
  /** What the mode of the run adds; undefined in a run without one. */
  readonly mode?: ModeVerdict | undefined;
}

/** Compares what jobs say with what the phones received; it knows nothing else. */
export function verify(evidence: {
  sends: readonly PlannedSend[];
  reports: readonly RunReport[];
  /** When each job was requested first, epoch milliseconds, by key. */
  askedAtMs: ReadonlyMap<string, number>;
  messages: readonly Pick<SimulatorMessage, 'id' | 'recipient' | 'text'>[];
  /** Rows of the log were late on purpose. */
  lateRows: boolean;
}): Verdict {
  const { sends, reports, askedAtMs, messages, lateRows } = evidence;
  const reportOf = new Map(reports.map((report) => [report.key, report]));
  const sendsOf = groupBy(sends, ({ recipient, message }) => groupKey(recipient, message));
  const messagesOf = groupBy(messages, ({ recipient, text }) => groupKey(recipient, text));

  const findings = [...sendsOf].flatMap(([group, members]) =>
    verifyGroup({
      reports: members.flatMap(({ key }) => reportOf.get(key) ?? []),
      messageIds: (messagesOf.get(group) ?? []).map(({ id }) => id),
      lateRows,
    }),
  );
  for (const [group, unasked] of messagesOf) {
    if (sendsOf.has(group)) continue;
    findings.push(
      ...unasked.map(() => ({ kind: 'duplicated', keys: [], why: 'no job asked for it' }) as const),
    );
  }

  const count = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  const ends = reports.map(({ end }) => end);
  const sum = (of: (report: RunReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  return {
    sends: sends.length,
    sent: ends.filter(({ kind }) => kind === 'sent').length,
    cancelled: ends.filter(({ kind }) => kind === 'cancelled').length,
    failed: totals(ends.flatMap((end) => (end.kind === 'failed' ? [end.code] : []))),
    lost: count('lost'),
    duplicated: count('duplicated'),
    duplicatedByLateRows: count('duplicated-by-late-rows'),
    misreported: count('misreported'),
    wrongId: count('wrong-id'),
    unknownOutcomes: sum(({ unknownOutcomes }) => unknownOutcomes),
    resent: sum(({ resends }) => resends),
    reconciledByList: sum(({ reconciledByList }) => (reconciledByList ? 1 : 0)),
    held: totals(reports.flatMap(({ holds }) => holds)),
    msToClose: timesOf(reports, askedAtMs),
    findings,
  };
}

/** Whether a verdict holds what must never happen. */
export function isBroken(verdict: Verdict): boolean {
  const { lost, duplicated, misreported, wrongId, mode } = verdict;
  return [lost, duplicated, misreported, wrongId, ...Object.values(mode?.counters ?? {})].some(
    (count) => count > 0,
  );
}

/**
 * How many messages there are beyond one for each job: the least that is known to be too many while
 * jobs still run.
 */
export function countSurplus(
  sends: readonly PlannedSend[],
  messages: readonly Pick<SimulatorMessage, 'recipient' | 'text'>[],
): number {
  const jobs = groupBy(sends, ({ recipient, message }) => groupKey(recipient, message));
  return [...groupBy(messages, ({ recipient, text }) => groupKey(recipient, text))].reduce(
    (surplus, [group, received]) => surplus + Math.max(0, received.length - (jobs.get(group)?.length ?? 0)),
    0,
  );
}

function timesOf(
  reports: readonly RunReport[],
  askedAtMs: ReadonlyMap<string, number>,
): Verdict['msToClose'] {
  const times = reports
    .flatMap(({ key, closedAtMs }) => {
      const asked = askedAtMs.get(key);
      return closedAtMs === undefined || asked === undefined ? [] : [Math.max(0, closedAtMs - asked)];
    })
    .sort((one, other) => one - other);
  const longest = times.at(-1);
  return longest === undefined ? undefined : { median: times[(times.length - 1) >> 1] ?? longest, longest };
}

function totals(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
