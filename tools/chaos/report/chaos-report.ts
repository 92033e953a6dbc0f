import type { Verdict } from '../verify/verify.js';
import type { RunReport } from '../verify/run-report.js';
import type { ProcessFaultKind } from '../plan/process-fault.js';

/** A run of the fire and its verdict, as `--json` writes it. */
export interface ChaosReport {
  readonly system: string;
  /** What kept the jobs. */
  readonly brokerName: string;
  readonly seed: number;
  readonly lateRows: boolean;
  /** What the run was about besides sending: `policies`; undefined if nothing. */
  readonly mode?: string | undefined;
  readonly verdict: Verdict;
  /** How often each fault on a process struck. */
  readonly processFaults: Partial<Record<ProcessFaultKind, number>>;
  /** Workers that ended without being asked to. */
  readonly workersDied: number;
  /**
   * How many requests the provider met with each outcome: `accepted`, the kind of a fault, a
   * status.
   */
  readonly requests: Readonly<Record<string, number>>;
  /** From the first start to the last end of a job, in milliseconds. */
  readonly tookMs: number;
  /** From the end of the last fault on a process until every job had ended, in milliseconds. */
  readonly msToRecover: number;
  readonly isBroken: boolean;
  /** What each job went through, by key: no number, no text. */
  readonly jobs: readonly RunReport[];
}
