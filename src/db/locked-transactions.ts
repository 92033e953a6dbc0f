import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { onPrimary } from './address/on-primary.js';
import { readAddress } from './address/read-address.js';
import { openPool, type Pool } from './pool.js';
import { toQuery, toSqlText } from './sql-text.js';
import { within } from './within.js';

/** What a transaction changes before it ends, and what it answers. */
export interface Decision<T> {
  /** Nothing to change: the transaction is rolled back. */
  readonly changes: readonly SQLWrapper[];
  readonly answer: T;
}

/** Transactions that exclude each other, by name, across all workers. */
export interface LockedTransactions {
  /**
   * Takes the lock of this name, reads one row, and makes the changes that `decide` wants of it.
   * Each change must have `isHeld` as a condition: on another connection than the lock's it changes
   * nothing.
   *
   * @throws whatever the driver or `decide` throws; then nothing was changed, or it is not known
   */
  run<T>(
    lock: string,
    query: SQLWrapper,
    decide: (row: Readonly<Record<string, unknown>>, isHeld: SQL) => Decision<T>,
  ): Promise<T>;
  readonly close: () => Promise<void>;
}

/** A connection of its own for one transaction at a time. */
interface Slot {
  pool: Pool;
  isTaken: boolean;
}

/** How many transactions of one worker run at once, each for another lock. */
const MAX_SLOTS = 4;

/** How long the parts of a transaction may take, in milliseconds. */
const LIMITS = { connectMs: 1_500, statementMs: 3_000, idleInTransactionMs: 3_000, totalMs: 8_000 };

/**
 * Opens connections for transactions of two parts: the first begins, locks and reads; the second
 * changes and commits. Between them, code decides. The driver's own transactions break a process
 * whose connection is lost in the middle (postgres 3.4), so these are plain messages.
 */
export function openLockedTransactions(url: string): LockedTransactions {
  const address = onPrimary(readAddress(url));
  const open = () =>
    openPool(address, {
      max: 1,
      connectMs: LIMITS.connectMs,
      idleMs: 30_000,
      applicationName: 'durable-sms',
      settings: [
        'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
        `SET LOCAL statement_timeout = ${LIMITS.statementMs}`,
        `SET LOCAL idle_in_transaction_session_timeout = ${LIMITS.idleInTransactionMs}`,
      ],
    });
  const slots: Slot[] = [];
  const waiting: (() => void)[] = [];
  /** The end of the last transaction of each lock, so that one lock takes one slot only. */
  const queues = new Map<string, Promise<unknown>>();

  async function take(): Promise<Slot> {
    for (;;) {
      const free = slots.find(({ isTaken }) => !isTaken);
      if (free !== undefined) return Object.assign(free, { isTaken: true });
      if (slots.length < MAX_SLOTS) {
        const slot = { pool: open(), isTaken: true };
        slots.push(slot);
        return slot;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function release(slot: Slot): void {
    slot.isTaken = false;
    waiting.shift()?.();
  }

  async function inTurn<T>(lock: string, work: () => Promise<T>): Promise<T> {
    const before = queues.get(lock) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    queues.set(lock, settled);
    try {
      return await mine;
    } finally {
      if (queues.get(lock) === settled) queues.delete(lock);
    }
  }

  return {
    run: (lock, query, decide) =>
      inTurn(lock, async () => {
        const slot = await take();
        try {
          return await within(LIMITS.totalMs, transact(slot.pool, { lock, query, decide }));
        } catch (error) {
          // The connection may be in the middle of anything: another takes its place.
          const { pool } = slot;
          slot.pool = open();
          void pool.close(0).catch(() => undefined);
          throw error;
        } finally {
          release(slot);
        }
      }),
    async close() {
      await Promise.all(slots.map(({ pool }) => pool.close(2)));
    },
  };
}

async function transact<T>(
  pool: Pool,
  {
    lock,
    query,
    decide,
  }: {
    lock: string;
    query: SQLWrapper;
    decide: (row: Readonly<Record<string, unknown>>, isHeld: SQL) => Decision<T>;
  },
): Promise<T> {
  const lockSql = toSqlText(
    sql`SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${lock}, 0))`,
  );
  const rows = await pool.run(
    `${lockSql}; SELECT pg_catalog.pg_current_xact_id()::text AS xact_id, question.* FROM (${toSqlText(query)}) AS question`,
  );
  const { xact_id: transaction, ...row } = rows[0] as { xact_id: string };
  let decision: Decision<T>;
  try {
    const isHeld = sql`pg_catalog.pg_current_xact_id()::text = ${transaction}`;
    decision = decide(row, isHeld);
  } catch (error) {
    await pool.send('ROLLBACK');
    throw error;
  }
  const { changes, answer } = decision;
  if (changes.length === 0) await pool.send('ROLLBACK');
  else {
    for (const change of changes) {
      const { text, parameters } = toQuery(change);
      await pool.send(text, parameters);
    }
    await pool.send('COMMIT');
  }
  return answer;
}
