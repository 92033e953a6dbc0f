import { EventEmitter } from 'node:events';
import type { InboundMessage } from './inbound-message.js';
import type { SimulatorMessage } from './simulator-message.js';

/**
 * What is announced: a message that reached a recipient's phone, one that was written to a phone of
 * an account, any change worth looking again, the end.
 */
export interface ChangeEvents {
  message: [SimulatorMessage];
  inbound: [InboundMessage];
  change: [];
  close: [];
}

/** Where the parts of the simulator tell that something changed. */
export type ChangeBus = EventEmitter<ChangeEvents>;

/** A bus without a limit of listeners. */
export function createChangeBus(): ChangeBus {
  return new EventEmitter<ChangeEvents>().setMaxListeners(0);
}
