import type { GuardedProcess } from '../servers/guarded-process.js';
import type { RunReport } from './verify/run-report.js';
import type { PlannedSend } from './plan/planned-send.js';

/** A server that can go away and come back with its data. */
export interface Restartable {
  readonly stop: () => Promise<void>;
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** What a person decides about a run that waits for a decision. */
export type Decision =
  | { readonly sent: true; readonly messageId: string }
  | { readonly resend: true }
  | { readonly abandon: true };

/** A job that has not ended. */
export interface OpenRun {
  readonly key: string;
  /** It waits for a person. */
  readonly held: boolean;
}

/** Where a job stands, as somebody sees it who looks at it. */
export interface SeenState {
  readonly phase: 'open' | 'accepted' | 'ended';
  /** The status in the system's own word. */
  readonly says: string;
}

/** Where the jobs of a system stand; both throw while the broker is away. */
export interface SeenStates {
  /** Undefined for a job that is not known. */
  readonly of: (send: PlannedSend) => Promise<SeenState | undefined>;
  /** All that are listed, by key; may lag behind. */
  readonly listed: () => Promise<ReadonlyMap<string, SeenState>>;
}

/**
 * A system that sends SMS, as the fire sees it: processes to hurt, jobs to start, and what they
 * came to.
 */
export interface SystemUnderFire {
  readonly name: string;
  /** What keeps the jobs: `Temporal`, `Redis`. */
  readonly brokerName: string;
  readonly broker: Restartable;
  /** Undefined where there is none. */
  readonly database: Pick<Restartable, 'stop' | 'start'> | undefined;
  /** What the web app of the jobs has; undefined where there is none. */
  readonly webApp?: { readonly databaseUrl: string; readonly accountIds: readonly string[] };
  /** Starts one worker process and waits until it takes work. */
  readonly startWorker: () => Promise<GuardedProcess>;
  /**
   * Starts the job as a web app does, by the first or the second of its servers.
   *
   * @returns false if it may not have been taken, and the same call must be repeated
   */
  readonly submit: (send: PlannedSend, server: 0 | 1) => Promise<boolean>;
  /** Requests that a job is cancelled; false if the call must be repeated. */
  readonly cancel: (send: PlannedSend) => Promise<boolean>;
  /** The jobs that have not ended; may lag behind. Throws while the broker is away. */
  readonly listOpen: () => Promise<readonly OpenRun[]>;
  /** Undefined where following jobs is not supported. */
  readonly states?: SeenStates;
  /** What a job came to. Throws while the broker is away. */
  readonly report: (send: PlannedSend) => Promise<RunReport>;
  /**
   * The keys of the jobs whose first message turned up after they had ended, as the system's own
   * audit says.
   */
  readonly audit: () => Promise<ReadonlySet<string>>;
  /** Decides about a held job. Throws if it is not held any more, or the broker is away. */
  readonly resolve: (send: PlannedSend, decision: Decision) => Promise<void>;
}
