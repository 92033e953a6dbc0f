import type { ActiveFault } from './fault-rules.js';
import type { FaultRule } from './fault-rule.js';
import type { LogDialect } from './sent-messages-dialect.js';
import type { SimulatorRequest } from './request-log.js';
import type { SimulatorMessage } from './simulator-message.js';
import type { SimulatorAccount } from './simulator-options.js';

/** What tests, the demo and the control endpoints can see and steer. */
export interface SimulatorControls {
  /** The accepted keys with their labels and phones. */
  readonly accounts: readonly SimulatorAccount[];
  /** Every message that a recipient's phone really received, oldest first. */
  readonly messages: () => readonly SimulatorMessage[];
  /** What arrived at /sendsms/, oldest first, keys replaced by labels; the last 10,000. */
  readonly requests: () => readonly SimulatorRequest[];
  /** How many requests arrived at /sendsms/ since the start or the last reset. */
  readonly requestCount: () => number;
  /** Puts these fault rules in the place of all others; throws InvalidFaultRuleError. */
  readonly setFaults: (rules: FaultRule | readonly FaultRule[]) => ActiveFault[];
  /** Adds fault rules behind those in force; throws InvalidFaultRuleError. */
  readonly addFaults: (rules: FaultRule | readonly FaultRule[]) => ActiveFault[];
  /** The fault rules in force. */
  readonly faults: () => ActiveFault[];
  /** Changes how the rows of the list of sent messages are spelt. */
  readonly setLogDialect: (dialect: Partial<LogDialect>) => void;
  /** Empties phones, log and requests; fault rules and dialect stay. */
  readonly clear: () => void;
  /**
   * As right after the start: no messages, log, requests or faults, and the dialect of the options.
   */
  readonly reset: () => void;
}

/** A running simulator of SMSMobileAPI. */
export interface Simulator extends SimulatorControls {
  /** The base address without a slash at the end, for the page and for SMSMOBILEAPI_URL. */
  readonly url: string;
  /**
   * The first message that fits, present or future; rejects with MessageTimeoutError after
   * `timeoutMs` (default 10,000).
   */
  readonly waitForMessage: (
    predicate?: (message: SimulatorMessage) => boolean,
    options?: { timeoutMs?: number },
  ) => Promise<SimulatorMessage>;
  /** Ends every connection at once, stalled ones too, and frees the port. */
  readonly close: () => Promise<void>;
}
