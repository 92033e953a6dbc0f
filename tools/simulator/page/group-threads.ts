import type { Entry } from './entry.js';

/** The messages of one number's phone, newest first. */
export interface Thread {
  readonly number: string;
  readonly entries: readonly [Entry, ...Entry[]];
}

/** Groups messages, given newest first, by number; the phone with the newest comes first. */
export function groupThreads(entries: readonly Entry[]): Thread[] {
  const threads = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const thread = threads.get(entry.number);
    if (thread === undefined) threads.set(entry.number, [entry]);
    else thread.push(entry);
  }
  return [...threads].map(([number, found]) => ({ number, entries: found }));
}

/** Whether a message fits what was typed: its text, or its number in any usual spelling. */
export function matchesSearch(entry: Entry, search: string): boolean {
  const typed = search.trim().toLowerCase();
  if (typed === '' || entry.text.toLowerCase().includes(typed)) return true;
  if (entry.id.startsWith(typed) || entry.number.toLowerCase().includes(typed)) return true;
  const digits = typed.replace(/[\s.+-]/g, '');
  if (!/^\d+$/.test(digits)) return false;
  return entry.number.replace(/^0(?=[1-9])/, '').includes(digits.replace(/^0(?=[1-9])/, ''));
}

/** A number in groups, as people read it: `+33 6 39 98 00 01`. */
export function groupDigits(e164: string): string {
  const french = /^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(e164);
  return french === null ? e164 : `+33 ${french.slice(1).join(' ')}`;
}
