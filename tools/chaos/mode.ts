import type { CleanUp } from '../servers/clean-up.js';
import type { SimulatorMessage } from '../simulator/simulator-message.js';
import type { Simulator } from '../simulator/start-simulator.js';
import type { PlannedSend } from './plan/planned-send.js';
import type { SystemUnderFire } from './system.js';
import type { ModeVerdict } from './verify/mode-verdict.js';
import type { RunReport } from './verify/run-report.js';

/** What a run is about besides sending: it does more, and judges more. */
export interface ChaosMode {
  /** Undefined for a run that is about sending alone. */
  readonly name: string | undefined;
  /** Resolves when it has done all that was planned: the run is not over before. */
  readonly done: Promise<void>;
  /**
   * The messages that the jobs are judged by; undefined: those that phones of recipients received.
   */
  readonly messages?: () => readonly Pick<SimulatorMessage, 'id' | 'recipient' | 'text'>[];
  /** The jobs that the system has started by itself so far: they are judged as all others are. */
  readonly ownSends: () => readonly PlannedSend[];
  /**
   * Whether everything has happened that follows from what was done, asked once every job has
   * ended.
   */
  readonly isSettled: () => Promise<boolean>;
  /** Judges what it is about. */
  readonly verify: (reports: readonly RunReport[]) => Promise<ModeVerdict | undefined>;
}

/** Starts a mode, before the first job. */
export type StartMode = (context: {
  readonly system: SystemUnderFire;
  readonly simulator: Simulator;
  /** When the plan starts, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  readonly cleanUp: CleanUp;
}) => Promise<ChaosMode>;

/** A run that is about sending alone. */
export const PLAIN_MODE: ChaosMode = {
  name: undefined,
  done: Promise.resolve(),
  ownSends: () => [],
  isSettled: () => Promise.resolve(true),
  verify: () => Promise.resolve(undefined),
};
