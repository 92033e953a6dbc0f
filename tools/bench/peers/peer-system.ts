import type { BenchSystem } from '../system.js';

/** Another system that does the same job, used as its own documentation recommends. */
export interface PeerSystem extends BenchSystem {
  /** Of its package. */
  readonly version: string;
  /** What it runs on and with, for people. */
  readonly settings: string;
  /**
   * What it leaves unprotected, used like that, of what durable-sms promises; and what it does
   * protect.
   */
  readonly unprotected: readonly string[];
}
