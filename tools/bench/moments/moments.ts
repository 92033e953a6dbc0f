import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { openDatabase } from '../../../src/db/database.js';
import { DRIVER_OPTIONS } from '../../../src/db/driver-options.js';
import { openLockedTransactions } from '../../../src/db/locked-transactions.js';
import { createPolicies } from '../../../src/db/policies/policies.js';
import type { BenchOptions } from '../bench-options.js';
import { percentile } from '../measure/percentile.js';
import { readMachine } from '../measure/read-machine.js';
import type { BenchParts } from '../parts.js';
import { openPolicy } from '../shapes/open-policy.js';
import { renderMoments, type MomentFigure } from './render-moments.js';

const ROWS = 10_000;

/** Before anything is measured: V8 compiles, PostgreSQL reads its catalogs. */
const WARM_UP = 50;

const DAY_MS = 24 * 60 * 60_000;

/** What an account may have written by the time that it asks. */
const HISTORIES = [
  { label: '5,000 recipients over 100 days', recipients: 5_000, overDays: 100 },
  { label: '10,000 recipients over 30 days', recipients: 10_000, overDays: 30 },
  { label: '200 recipients over 30 days', recipients: 200, overDays: 30 },
] as const;

/**
 * How long the transaction takes that grants a moment, in an account with 10,000 rows of outreach:
 * lock, query, decision, insert, commit.
 */
export async function moments(parts: BenchParts, options: BenchOptions): Promise<void> {
  const figures: MomentFigure[] = [];
  for (const history of HISTORIES) {
    const tookMs = await measure(parts, history, options.quick ? 100 : 500);
    figures.push({
      label: history.label,
      bestMs: Math.min(...tookMs),
      medianMs: percentile(tookMs, 50),
      p99Ms: percentile(tookMs, 99),
    });
  }
  console.log(`\n${renderMoments(figures)}`);
  await mkdir(options.out, { recursive: true });
  const file = join(options.out, 'moments.json');
  const machine = await readMachine(parts.databaseUrl);
  await writeFile(file, `${JSON.stringify({ machine, rows: ROWS, figures }, undefined, 2)}\n`);
  console.log(`\nFigures: ${file}`);
}

async function measure(
  { databaseUrl, addAccount, cleanUp }: BenchParts,
  history: (typeof HISTORIES)[number],
  count: number,
): Promise<number[]> {
  const accountId = await addAccount();
  await openPolicy(databaseUrl, accountId);
  await fill(databaseUrl, accountId, history);
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  const transactions = openLockedTransactions(databaseUrl);
  cleanUp.add(database.close);
  cleanUp.add(transactions.close);
  const policies = createPolicies({ database, transactions });
  const tookMs: number[] = [];
  for (let index = 0; index < WARM_UP + count; index++) {
    const ticket = randomUUID();
    const startedMs = performance.now();
    const { answer } = await policies.reserveMoment({
      ticket,
      workflowId: 'bench',
      accountId,
      recipientPhone: `+337${String(10_000_000 + index)}`,
      lane: '',
      segments: 1,
      deadlineMs: Date.now() + DAY_MS,
    });
    if (index >= WARM_UP) tookMs.push(performance.now() - startedMs);
    if (answer.kind !== 'granted') throw new Error(`No moment was granted: ${answer.reason}.`);
    // The next one finds as many rows as this one.
    await policies.releaseMoment(ticket);
  }
  return tookMs;
}

async function fill(
  databaseUrl: string,
  accountId: string,
  { recipients, overDays }: (typeof HISTORIES)[number],
): Promise<void> {
  const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  try {
    await sql`
      INSERT INTO durable_sms.outreach (ticket, account_id, phone, lane, segments, at, purpose)
      SELECT 'sms-' || ${accountId}::text || '-' || gen_random_uuid() || '/0123456789ab/1', ${accountId},
        '+336' || (10000000 + row % ${recipients}::integer), '', 1,
        now() - interval '1 day' * ${overDays}::integer * (${ROWS}::integer - row) / ${ROWS}::integer, 'marketing'
      FROM generate_series(1, ${ROWS}::integer) AS row`;
    // As autovacuum does it before long.
    await sql`VACUUM ANALYZE durable_sms.outreach`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
