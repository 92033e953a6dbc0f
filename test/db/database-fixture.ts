import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import type { SmsError } from '../../src/domain/errors.js';
import { createAccounts } from '../../src/db/accounts.js';
import { openDatabase } from '../../src/db/database.js';
import { expectSmsError } from '../support/expect-failure.js';

/**
 * Asserts DATABASE_UNAVAILABLE with this code in its message, and nothing of address or query
 * anywhere in it.
 */
export async function assertUnavailable(
  question: Promise<unknown>,
  code: string | RegExp,
  { url }: { url: string },
): Promise<SmsError> {
  const error = await expectSmsError(question, 'DATABASE_UNAVAILABLE');
  const shown = /\(([A-Z0-9_]+)\)\.$/.exec(error.message)?.[1] ?? 'no code';
  if (typeof code === 'string') assert.equal(shown, code, error.message);
  else assert.match(shown, code);
  assert.match(error.message, /^(PostgreSQL could not be read: |The role may not update accounts: ).+\.$/);
  assert.equal(error.cause, undefined);
  const all = [error.message, error.stack, inspect(error, { depth: null, showHidden: true })].join('\n');
  const { username, password, host } = new URL(url);
  for (const part of [url, decodeURIComponent(password), host, `${username}:`].filter(
    (text) => text !== '',
  )) {
    assert.ok(!all.includes(part), `the error holds ${part}`);
  }
  assert.ok(!/select|"accounts"|sms_api_key"/i.test(all), 'the error holds the query');
  return error;
}

/** Asks once for an account, over a pool of its own. */
export async function askOnce(
  url: string,
  accountId: string,
  timeouts: NonNullable<Parameters<typeof openDatabase>[0]['timeouts']> = {},
): Promise<string | undefined> {
  const database = openDatabase({ url, maxConnections: 1, timeouts });
  try {
    const found = await createAccounts(database).findEncryptedApiKey(accountId);
    return found?.encryptedApiKey;
  } finally {
    await database.close();
  }
}

/** Works on a database through a plain connection. */
export async function onDatabase<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { ...DRIVER_OPTIONS, max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The address for another login. */
export function asRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}
