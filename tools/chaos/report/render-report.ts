import { formatElapsed } from '../../servers/progress.js';
import type { Finding } from '../verify/finding.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { ChaosReport } from './chaos-report.js';

/** How many findings are listed; the counters include them all. */
const FINDINGS_SHOWN = 20;

const NAME_WIDTH = 26;

/**
 * The report as people read it; findings name jobs by their key and by what their requests were to
 * meet.
 */
export function renderReport(report: ChaosReport, sends: readonly PlannedSend[]): string {
  const { verdict, processFaults, brokerName } = report;
  const struck = (kind: keyof typeof processFaults) => String(processFaults[kind] ?? 0);
  const rows: readonly (readonly [string, string])[] = [
    ['sends', String(verdict.sends)],
    ['sent', String(verdict.sent)],
    ['failed', renderTotals(verdict.failed)],
    ['cancelled', String(verdict.cancelled)],
    ['lost', String(verdict.lost)],
    ['duplicated', String(verdict.duplicated)],
    ...(report.lateRows ? [['duplicated by late rows', String(verdict.duplicatedByLateRows)] as const] : []),
    ['misreported', String(verdict.misreported)],
    ['wrong id', String(verdict.wrongId)],
    ...Object.entries(verdict.mode?.counters ?? {}).map(([name, count]) => [name, String(count)] as const),
    ...Object.entries(verdict.mode?.figures ?? {}),
    ['unknown outcomes', String(verdict.unknownOutcomes)],
    ['found in sent messages', String(verdict.reconciledByList)],
    ['resent', String(verdict.resent)],
    ['held', renderTotals(verdict.held)],
    ['workers killed', struck('kill-worker')],
    ['workers frozen', struck('freeze-worker')],
    ['workers deployed', struck('deploy-worker')],
    ['workers died', String(report.workersDied)],
    ['PostgreSQL stopped', struck('stop-database')],
    [`${brokerName} killed, stopped`, `${struck('kill-broker')}, ${struck('stop-broker')}`],
    ['time to close, median', seconds(verdict.msToClose?.median)],
    ['time to close, maximum', seconds(verdict.msToClose?.longest)],
    ['time to recover', seconds(report.msToRecover)],
    ['took', formatElapsed(report.tookMs)],
  ];
  return [
    `${report.system}, seed ${report.seed}${report.lateRows ? ', late rows' : ''}${report.mode === undefined ? '' : `, ${report.mode}`}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${value}`),
    ...renderFindings([...verdict.findings, ...(verdict.mode?.findings ?? [])], sends),
  ].join('\n');
}

/** The sum, and what it is made of: behind it, or below it where that is much. */
function renderTotals(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  if (entries.length === 0) return '0';
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (entries.length === 1) return `${total} (${entries[0]?.[0] ?? ''})`;
  const below = `\n${' '.repeat(2 + NAME_WIDTH)}`;
  return `${total}${entries.map(([name, count]) => `${below}${count} ${name}`).join('')}`;
}

function renderFindings(findings: readonly Finding[], sends: readonly PlannedSend[]): string[] {
  if (findings.length === 0) return [];
  const faultsOf = new Map(sends.map((send) => [send.key, describeFaults(send)]));
  const shown = findings.slice(0, FINDINGS_SHOWN).map(({ kind, keys, why }) => {
    const about = keys.map((key) => `${key} (${faultsOf.get(key) ?? 'unknown'})`).join(', ');
    return `  ${kind}: ${why}${about === '' ? '' : `: ${about}`}`;
  });
  const more = findings.length - shown.length;
  return ['', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function describeFaults({ faults, cancelAfterMs }: PlannedSend): string {
  const met = faults.map(({ kind, recorded }) => (recorded === true ? `${kind}, recorded` : kind));
  const all = [...met, ...(cancelAfterMs === undefined ? [] : ['cancelled'])];
  return all.length === 0 ? 'no fault' : all.join('; ');
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`;
}
