import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { CleanUp } from '../servers/clean-up.js';
import type { Say } from '../servers/progress.js';
import { startFire } from './faults/schedule.js';
import { startWorkerGroup } from './faults/worker-group.js';
import { groupBy } from './verify/group-by.js';
import { countSurplus, isBroken, verify } from './verify/verify.js';
import type { RunReport } from './verify/run-report.js';
import { PLAIN_MODE, type StartMode } from './mode.js';
import { startCommonParts, type CommonParts } from './parts.js';
import type { ChaosPlan } from './plan/plan.js';
import { LATEST_ROW_MS } from './plan/request-fault.js';
import { setPlannedFaults } from './plan/set-faults.js';
import type { ChaosProgress } from './report/chaos-progress.js';
import type { ChaosReport } from './report/chaos-report.js';
import { reconcileRuns, type Reconciling } from './sends/await-runs.js';
import { submitSends } from './sends/submit-sends.js';
import type { SystemUnderFire } from './system.js';

/** A run of the fire that has begun. */
export interface ChaosRun {
  readonly progress: () => ChaosProgress;
  /** Rejects when the fire itself breaks: what is judged ends in a report, broken or not. */
  readonly report: Promise<ChaosReport>;
}

/**
 * Starts the parts and the worker groups, then carries out the plan; `cleanUp` ends all of it, at
 * any time.
 */
export async function startChaos(options: {
  plan: ChaosPlan;
  lateRows: boolean;
  startSystem: (common: CommonParts) => Promise<SystemUnderFire>;
  /** What else happens, and is judged; nothing by default. */
  startMode?: StartMode;
  cleanUp: CleanUp;
  say: Say;
}): Promise<ChaosRun> {
  const { plan, lateRows, cleanUp, say, startMode = () => Promise.resolve(PLAIN_MODE) } = options;
  const common = await startCommonParts({ cleanUp, say, accountCount: plan.accountCount });
  const { simulator } = common;
  setPlannedFaults(simulator, plan);
  const system = await options.startSystem(common);
  const groups = await Promise.all(
    Array.from({ length: plan.workerGroupCount }, async () => {
      const group = await startWorkerGroup(system.startWorker);
      cleanUp.add(() => group.close());
      return group;
    }),
  );
  say(`${groups.length} worker groups: ready`);
  const ending = new AbortController();
  cleanUp.add(() => {
    ending.abort();
  });
  const { signal } = ending;
  // Everything that waits listens to it.
  setMaxListeners(0, signal);

  const startedAtMs = Date.now();
  const mode = await startMode({ system, simulator, startedAtMs, signal, cleanUp });
  const messages = () => mode.messages?.() ?? simulator.messages();
  /** The system may start further ones by itself. */
  const sends = () => [...plan.sends, ...mode.ownSends()];
  const submission = submitSends({ sends: plan.sends, system, startedAtMs, signal });
  const fire = startFire({ faults: plan.processFaults, system, groups, startedAtMs, signal });
  const quiet = Promise.all([fire.over, submission.done, mode.done]);
  const state: { isQuiet: boolean; reconciling: Reconciling } = {
    isQuiet: false,
    reconciling: { open: [], resolved: 0, problem: undefined },
  };
  void quiet.then(
    () => {
      state.isQuiet = true;
    },
    () => undefined,
  );
  const reconciled = reconcileRuns({
    sends,
    system,
    simulator: { messages, requests: simulator.requests, requestCount: simulator.requestCount },
    signal,
    isQuiet: () => state.isQuiet,
    isSettled: mode.isSettled,
    onLook: (reconciling) => {
      state.reconciling = reconciling;
    },
  });

  async function conclude(): Promise<ChaosReport> {
    const [[lastFaultAtMs], reconciledReports] = await Promise.all([quiet, reconciled]);
    const reports = lateRows ? await afterAudit(reconciledReports, system) : reconciledReports;
    const verified = verify({
      sends: sends(),
      reports,
      askedAtMs: submission.taken,
      messages: messages(),
      lateRows,
    });
    const verdict = Object.assign(verified, { mode: await mode.verify(reports) });
    const lastEndAtMs = Math.max(startedAtMs, ...reports.map(({ closedAtMs }) => closedAtMs ?? Date.now()));
    const requests = [...groupBy(simulator.requests(), nameOutcome)].map(([name, met]) => [name, met.length]);
    return {
      system: system.name,
      brokerName: system.brokerName,
      seed: plan.seed,
      lateRows,
      mode: mode.name,
      verdict,
      processFaults: fire.progress().struck,
      workersDied: groups.reduce((sum, group) => sum + group.diedByThemselves(), 0),
      requests: Object.fromEntries(requests) as Record<string, number>,
      tookMs: lastEndAtMs - startedAtMs,
      msToRecover: Math.max(0, lastEndAtMs - lastFaultAtMs),
      isBroken: isBroken(verdict),
      jobs: reports,
    };
  }

  return {
    report: conclude(),
    progress() {
      const { open, resolved, problem } = state.reconciling;
      const { struck, now } = fire.progress();
      return {
        elapsedMs: Date.now() - startedAtMs,
        sends: plan.sends.length,
        taken: submission.taken.size,
        open: open.length,
        held: open.filter(({ held }) => held).length,
        resolved,
        messages: simulator.messages().length,
        surplus: countSurplus(sends(), messages()),
        faultsPlanned: plan.processFaults.length,
        faultsStruck: Object.values(struck).reduce((sum, count) => sum + count, 0),
        now,
        // While a server is down, its silence is expected.
        problem: state.isQuiet ? problem : undefined,
      };
    },
  };
}

/**
 * What jobs say once the last row has turned up: an audit covers the jobs that had ended by then.
 */
async function afterAudit(
  reports: readonly RunReport[],
  system: Pick<SystemUnderFire, 'audit'>,
): Promise<readonly RunReport[]> {
  await wait(LATEST_ROW_MS);
  const found = await system.audit();
  return reports.map((report) =>
    report.end.kind === 'sent' && found.has(report.key)
      ? { ...report, end: { ...report.end, saidDuplicate: true } }
      : report,
  );
}

function nameOutcome({ outcome, recorded }: { outcome: string; recorded: boolean }): string {
  return recorded && outcome !== 'accepted' ? `${outcome}, recorded` : outcome;
}
