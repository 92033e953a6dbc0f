import type { ActiveFault } from './fault-rules.js';
import type { FaultRule } from './fault-rule.js';
import type { DialectChanges } from './dialects.js';
import type { Inbound, InboundMessage, Typed, TypedMessage } from './inbound-message.js';
import type { TakenMessage } from './message-store.js';
import type { PhoneChanges, PhoneState } from './phone-states.js';
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
  /** Every message that the provider took, with what its phone made of it, oldest first. */
  readonly taken: () => readonly TakenMessage[];
  /** What arrived at /sendsms/, oldest first, keys replaced by labels; the last 10,000. */
  readonly requests: () => readonly SimulatorRequest[];
  /** How many requests arrived at /sendsms/ since the start or the last reset. */
  readonly requestCount: () => number;
  /** What arrived at the lists (inbox, sent messages, typed messages, phones), as `requests()`. */
  readonly reads: () => readonly SimulatorRequest[];
  /**
   * How many reads arrived since the start or the last reset; with a path such as `/getsms/`, how
   * many of the last 10,000 were for this list.
   */
  readonly readCount: (path?: string) => number;
  /** What was written to the phones of the accounts, oldest first. */
  readonly inbound: () => readonly InboundMessage[];
  /**
   * Writes a message to a phone of an account; unless said, to the one that last sent to `from`.
   * Throws UnknownPlaceError.
   */
  readonly receive: (inbound: Inbound) => InboundMessage;
  /** What owners typed on their phones, oldest first. */
  readonly typed: () => readonly TypedMessage[];
  /** Types a message on a phone of an account; throws UnknownPlaceError. */
  readonly type: (typed: Typed) => TypedMessage;
  /**
   * Changes the state of a phone of the account, or of the first one that has such a phone: a phone
   * that is offline takes nothing (error 2), and sends what it has once it is back. Throws
   * UnknownPlaceError.
   */
  readonly setPhone: (
    phoneId: string,
    changes: PhoneChanges & { accountLabel?: string | undefined },
  ) => PhoneState;
  /** Puts these fault rules in the place of all others; throws InvalidFaultRuleError. */
  readonly setFaults: (rules: FaultRule | readonly FaultRule[]) => ActiveFault[];
  /** Adds fault rules behind those in force; throws InvalidFaultRuleError. */
  readonly addFaults: (rules: FaultRule | readonly FaultRule[]) => ActiveFault[];
  /** The fault rules in force. */
  readonly faults: () => ActiveFault[];
  /** Changes how the rows of the list of sent messages are spelt. */
  readonly setLogDialect: (dialect: Partial<LogDialect>) => void;
  /** Changes how the rows of the inbox and of the list of phones are spelt. */
  readonly setDialects: (changes: DialectChanges) => void;
  /** Empties phones, lists and requests; fault rules, dialects and the state of phones stay. */
  readonly clear: () => void;
  /**
   * As right after the start: no messages, lists, requests or faults, the dialects of the options,
   * and every phone online.
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
