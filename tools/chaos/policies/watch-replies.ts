import { setTimeout as wait } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.js';
import type { PlannedSend } from '../plan/planned-send.js';
import type { PlannedReply } from '../plan/policy-plan.js';
import { groupKey } from '../verify/group-key.js';
import { accountLabel } from '../verify/account-label.js';
import type { WantedOptOut } from '../verify/policies/policy-evidence.js';

/** Replies of recipients. */
export interface Replies {
  /** The opt-outs among those that were written. */
  optOuts(): readonly (WantedOptOut & { readonly writtenMs: number })[];
  /** How many were written. */
  readonly count: () => number;
  /** No message has arrived that is yet to be answered. */
  isSettled(): boolean;
}

const LOOK_EVERY_MS = 200;

/** Writes each reply once a marketing message of its account has reached its recipient's phone. */
export function watchReplies(options: {
  replies: readonly PlannedReply[];
  sends: readonly PlannedSend[];
  simulator: Pick<Simulator, 'messages' | 'receive'>;
  signal: AbortSignal;
}): Replies {
  const { sends, simulator, signal } = options;
  const marketing = new Set(
    sends.flatMap(({ recipient, message, marketing: is }) => (is ? [groupKey(recipient, message)] : [])),
  );
  const waiting = new Map(
    options.replies.map((reply) => [`${accountLabel(reply.account)} ${reply.recipient}`, reply]),
  );
  const written: { readonly reply: PlannedReply; readonly atMs: number }[] = [];
  let read = 0;
  let due = 0;

  function look(): void {
    const messages = simulator.messages();
    for (const { accountLabel: label, recipient, text } of messages.slice(read)) {
      const reply = waiting.get(`${label} ${recipient}`);
      if (reply === undefined || !marketing.has(groupKey(recipient, text))) continue;
      waiting.delete(`${label} ${recipient}`);
      due += 1;
      void write(reply, label).catch(() => undefined);
    }
    read = messages.length;
  }

  async function write(reply: PlannedReply, label: string): Promise<void> {
    await wait(reply.afterMs, undefined, { signal });
    simulator.receive({ from: reply.recipient, message: reply.text, accountLabel: label });
    written.push({ reply, atMs: Date.now() });
    due -= 1;
  }

  const timer = setInterval(look, LOOK_EVERY_MS);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
  });
  return {
    optOuts: () =>
      written.flatMap(({ reply: { account, recipient, isOptOut }, atMs }) =>
        isOptOut ? [{ account, recipient, writtenMs: atMs }] : [],
      ),
    count: () => written.length,
    isSettled() {
      look();
      return due === 0;
    },
  };
}
