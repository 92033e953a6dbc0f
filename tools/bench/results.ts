import type { SendCost } from './system.js';

/** One window of one system's load. */
export interface Sample {
  /** Its {@link MeasuredSystem} name. */
  readonly system: string;
  /** How many sends were under way at any time. */
  readonly inFlight: number;
  /**
   * From 0. In a round every system is measured once at each load: samples of one round are
   * compared with each other.
   */
  readonly round: number;
  readonly completed: number;
  readonly sendsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /**
   * CPU time for each send, of the worker and of what the system keeps its jobs in; undefined where
   * /proc is missing.
   */
  readonly workerCpuMs?: number | undefined;
  readonly serverCpuMs?: number | undefined;
}

/** A system that was measured. */
export interface MeasuredSystem {
  readonly name: string;
  readonly label: string;
  /** The most memory that its worker had, in bytes. */
  readonly workerPeakRssBytes?: number | undefined;
  readonly cost?: SendCost | undefined;
  /** Of a peer: its version, its settings, and what it leaves unprotected. */
  readonly version?: string | undefined;
  readonly settings?: string | undefined;
  readonly unprotected?: readonly string[] | undefined;
}

/** What was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly temporalServer: string;
  readonly postgres: string;
}

/** Everything that a comparison has measured, complete or broken off. */
export interface Comparison {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** False after Ctrl-C: what was measured by then. */
  readonly isComplete: boolean;
  readonly machine: Machine;
  /** How long a window is, in milliseconds, and how many rounds there were to be. */
  readonly windowMs: number;
  readonly rounds: number;
  readonly systems: readonly MeasuredSystem[];
  readonly samples: readonly Sample[];
}
