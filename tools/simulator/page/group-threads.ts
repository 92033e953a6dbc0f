import type { SimulatorMessage } from '../simulator-message.js';

/** The messages of one recipient's phone, newest first. */
export interface Thread {
  readonly recipient: string;
  readonly messages: readonly [SimulatorMessage, ...SimulatorMessage[]];
}

/** Groups messages, given newest first, by recipient; the phone that got the newest comes first. */
export function groupThreads(messages: readonly SimulatorMessage[]): Thread[] {
  const threads = new Map<string, [SimulatorMessage, ...SimulatorMessage[]]>();
  for (const message of messages) {
    const thread = threads.get(message.recipient);
    if (thread === undefined) threads.set(message.recipient, [message]);
    else thread.push(message);
  }
  return [...threads].map(([recipient, found]) => ({ recipient, messages: found }));
}

/** Whether a message fits what was typed: its text, or its number in any usual spelling. */
export function matchesSearch(message: SimulatorMessage, search: string): boolean {
  const typed = search.trim().toLowerCase();
  if (typed === '' || message.text.toLowerCase().includes(typed)) return true;
  if (message.id.startsWith(typed)) return true;
  const digits = typed.replace(/[\s.+-]/g, '');
  if (!/^\d+$/.test(digits)) return false;
  return message.recipient.includes(digits.replace(/^0(?=[1-9])/, ''));
}

/** A number in groups, as people read it: `+33 6 39 98 00 01`. */
export function groupDigits(e164: string): string {
  const french = /^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(e164);
  return french === null ? e164 : `+33 ${french.slice(1).join(' ')}`;
}
