import type { SmsJob } from '../../src/domain/sms-job.js';

/** One send of the benchmark: the same job for every system. */
export interface BenchJob extends SmsJob {
  /** Unique in the run. */
  readonly key: string;
}

/** What a system costs besides the time of its worker: read off its own records after a send. */
export interface SendCost {
  readonly events: number;
  readonly bytes: number;
  readonly billableActions: number;
}

/** Something that sends SMS, ready to be measured. */
export interface BenchSystem {
  /** Its key in the report, such as `threeActivities`. */
  readonly name: string;
  /** Its name for people. */
  readonly label: string;
  /**
   * Takes a job, and resolves when the system itself says that it is done; rejects if it failed.
   */
  readonly send: (job: BenchJob) => Promise<void>;
  /** The processes of its workers. */
  readonly workerPids: () => readonly number[];
  /** The first processes of what it keeps its jobs in: each with all its children. */
  readonly serverPids: () => readonly number[];
  /** What one send, done before, has cost; undefined for systems without such records. */
  readonly costOf?: (job: BenchJob) => Promise<SendCost>;
}
