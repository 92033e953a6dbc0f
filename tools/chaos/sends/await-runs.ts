import { setTimeout as wait } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.js';
import type { RunReport } from '../verify/run-report.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { OpenRun, SystemUnderFire } from '../system.js';
import { mapConcurrently } from '../../../src/domain/map-concurrently.js';
import { createDecider, type Arrivals } from './resolve-held.js';
import { within } from './within.js';

/** Jobs are given up as never ended only after nothing changed for this long, in milliseconds. */
const STANDSTILL_MS = 5 * 60_000;

const LOOK_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 30_000;
const CALLS_AT_ONCE = 5;

/** What is being waited for. */
export interface Reconciling {
  readonly open: readonly OpenRun[];
  /** How many held jobs were decided. */
  readonly resolved: number;
  /** Why the last look or decision did not work out. */
  readonly problem: string | undefined;
}

/**
 * Waits until every job has ended, deciding about held ones as a person with the phones in hand
 * would; gives up when nothing changed for 5 min.
 */
export async function reconcileRuns(options: {
  /** The jobs, with those that the system has started by itself so far. */
  sends: () => readonly PlannedSend[];
  system: Pick<SystemUnderFire, 'listOpen' | 'report' | 'resolve'>;
  simulator: Pick<Simulator, 'requests' | 'requestCount'> & Arrivals;
  /** Every job was started and the last fault is over: nothing is decided before. */
  isQuiet: () => boolean;
  /** Everything has happened that follows from what was done, once every job has ended. */
  isSettled: () => Promise<boolean>;
  onLook: (reconciling: Reconciling) => void;
  signal: AbortSignal;
}): Promise<RunReport[]> {
  const { sends, system, simulator, isQuiet, isSettled, onLook, signal } = options;
  const state: { open: readonly OpenRun[]; problem: string | undefined } = { open: [], problem: undefined };
  const onProblem = (problem: string) => {
    state.problem = problem;
  };
  const decider = createDecider({ sends, system, simulator, onProblem });
  let lastSeen = '';
  let changedAtMs = Date.now();

  const reportAll = () =>
    mapConcurrently(sends(), CALLS_AT_ONCE, (send) =>
      within(ANSWER_WITHIN_MS, `the outcome of ${send.key}`, () => system.report(send)),
    );

  /** Every message that was taken has arrived: what is on its way would be missed. */
  const phonesAreUpToDate = () =>
    simulator.messages().length >= simulator.requests().filter(({ recorded }) => recorded).length;

  /** The reports, once every job has ended. */
  async function look(): Promise<RunReport[] | undefined> {
    state.problem = undefined;
    state.open = await within(ANSWER_WITHIN_MS, 'the open jobs', system.listOpen);
    onLook({ ...state, resolved: decider.taken() });
    if (!isQuiet() || !phonesAreUpToDate()) return undefined;
    if (state.open.length > 0) {
      await decider.resolve(state.open.flatMap(({ key, held }) => (held ? [key] : [])));
      return undefined;
    }
    if (!(await within(ANSWER_WITHIN_MS, 'what follows from the run', isSettled))) return undefined;
    // The list may lag behind: only the jobs themselves say that they have ended.
    const reports = await reportAll();
    return reports.every(({ end }) => end.kind !== 'open') ? reports : undefined;
  }

  for (;;) {
    const reports = await look().catch((error: unknown) => {
      onProblem(error instanceof Error ? error.message : String(error));
      return undefined;
    });
    onLook({ ...state, resolved: decider.taken() });
    if (reports !== undefined) return reports;
    const seen = JSON.stringify([
      state.open,
      decider.taken(),
      simulator.requestCount(),
      simulator.messages().length,
    ]);
    if (seen !== lastSeen) changedAtMs = Date.now();
    lastSeen = seen;
    if (Date.now() - changedAtMs > STANDSTILL_MS) return await reportAll();
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}
