import type { ChangeBus } from './change-bus.js';
import type { SimulatorMessage } from './simulator-message.js';

/** No message that fits reached a phone in time. */
export class MessageTimeoutError extends Error {
  override readonly name = 'MessageTimeoutError';
}

/**
 * The first message that fits, present or future; rejects with MessageTimeoutError after
 * `timeoutMs` milliseconds or at the end.
 */
export function waitForMessage(wait: {
  bus: ChangeBus;
  messages: () => readonly SimulatorMessage[];
  predicate: (message: SimulatorMessage) => boolean;
  timeoutMs: number;
}): Promise<SimulatorMessage> {
  const { bus, messages, predicate, timeoutMs } = wait;
  return new Promise((resolve, reject) => {
    const present = messages().find(predicate);
    if (present !== undefined) {
      resolve(present);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      bus.off('message', look);
      bus.off('close', closed);
    };
    const look = (message: SimulatorMessage) => {
      try {
        if (!predicate(message)) return;
        resolve(message);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('The predicate failed.', { cause: error }));
      }
      stop();
    };
    const closed = () => {
      stop();
      reject(new MessageTimeoutError('The simulator was closed before the message arrived.'));
    };
    const timer = setTimeout(() => {
      stop();
      const count = messages().length;
      reject(new MessageTimeoutError(`No matching message within ${timeoutMs} ms; ${count} others arrived.`));
    }, timeoutMs);
    bus.on('message', look);
    bus.on('close', closed);
  });
}
