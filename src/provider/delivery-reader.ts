import { setTimeout as wait } from 'node:timers/promises';
import type { DeliveryAnswer, DeliveryQuestion } from '../domain/delivery-question.js';
import type { UnreadableList } from '../domain/unreadable-list.js';
import { createDeliveryDesk, type DeliveryDesk } from './delivery-desk.js';
import type { FetchDeliveries } from './fetch-deliveries.js';
import { unreadableList } from './unreadable-list.js';

/** One request for an account's messages, and all who wait for it. */
type Turn = Promise<UnreadableList | undefined>;

/** What is known of an account's key. */
interface Account {
  readonly desk: DeliveryDesk;
  /** When the next request may be made. */
  freeAtMs: number;
  turn: Turn | undefined;
}

/** How requests are paced; in milliseconds. */
export interface DeliveryPace {
  /** From one request of an account to the next. */
  readonly everyMs: number;
  /** How long a request waits for others to join it. */
  readonly gatherMs: number;
  /** A clock that never goes back. @default performance.now */
  readonly nowMs?: () => number;
}

/** Said to those who come back, so that the one request is not just about to be allowed. */
const MARGIN_MS = 50;

/**
 * Makes the reader of what phones did with messages: it makes at most one request every `everyMs`
 * for each account, and all whose messages are due are served by it. Who asks in between learns
 * when to ask again, and waits for nothing meanwhile. It never throws.
 */
export function createDeliveryReader(
  fetchDeliveries: FetchDeliveries,
  { everyMs, gatherMs, nowMs = () => performance.now() }: DeliveryPace,
): (question: DeliveryQuestion) => Promise<DeliveryAnswer> {
  const accounts = new Map<string, Account>();

  function accountOf(apiKey: string): Account {
    for (const [key, { desk, turn, freeAtMs }] of accounts) {
      if (turn === undefined && freeAtMs <= nowMs() && desk.isEmpty()) accounts.delete(key);
    }
    const account = accounts.get(apiKey) ?? {
      desk: createDeliveryDesk(nowMs),
      freeAtMs: -Infinity,
      turn: undefined,
    };
    accounts.set(apiKey, account);
    return account;
  }

  async function takeTurn(account: Account, apiKey: string): Turn {
    try {
      await wait(gatherMs);
      account.freeAtMs = nowMs() + everyMs;
      const failure = await account.desk.read(apiKey, fetchDeliveries);
      account.freeAtMs = Math.max(account.freeAtMs, nowMs() + (failure?.retryAfterMs ?? 0));
      return failure;
    } catch {
      // Nothing is expected here, and the error may quote the list.
      return unreadableList('the sent messages cannot be read');
    } finally {
      account.turn = undefined;
    }
  }

  return async function readDelivery({ apiKey, signal, ...question }) {
    if (signal?.aborted === true) return unreadableList('the read was aborted');
    const account = accountOf(apiKey);
    const answer = account.desk.ask(question);
    if (answer !== undefined) return answer;
    const later = (): DeliveryAnswer => ({
      kind: 'later',
      afterMs: Math.max(0, account.freeAtMs - nowMs()) + MARGIN_MS,
    });
    if (account.turn === undefined && account.freeAtMs > nowMs()) return later();
    account.turn ??= takeTurn(account, apiKey);
    const failure = await account.turn;
    if (failure === undefined) return account.desk.ask(question) ?? later();
    const { afterMs } = later() as { afterMs: number };
    return { ...failure, retryAfterMs: Math.max(afterMs, failure.retryAfterMs ?? 0) };
  };
}
