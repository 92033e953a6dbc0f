import { randomBytes } from 'node:crypto';
import type { InboxDialect } from './inbox-dialect.js';
import type { PhonesDialect } from './phones-dialect.js';
import type { LogDialect } from './sent-messages-dialect.js';

/** A phone that sends for an account; `id` is the provider's `sIdentifiant`. */
export interface SimulatorPhone {
  readonly id: string;
  readonly label: string;
}

/** A key that the simulator accepts; `label` is what is shown in its place. */
export interface SimulatorApiKey {
  readonly key: string;
  readonly label?: string;
  readonly phones?: readonly SimulatorPhone[];
}

/** How a simulator behaves; every field has a default. */
export interface SimulatorOptions {
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on; default 0 = any free one. */
  readonly port?: number;
  /** Accepted keys; default one generated key labelled "demo". */
  readonly apiKeys?: readonly (string | SimulatorApiKey)[];
  /** How long a phone takes to send an accepted message, in milliseconds; default 300. */
  readonly phoneDelayMs?: number;
  /** How late a row appears in the list of sent messages, in milliseconds; default 0. */
  readonly logDelayMs?: number;
  /** Rows on one page of the list of sent messages; default 50. */
  readonly messagesPageSize?: number;
  /** How the rows of the list of sent messages are spelt. */
  readonly logDialect?: Partial<LogDialect>;
  /** How the rows of the inbox are spelt. */
  readonly inboxDialect?: Partial<InboxDialect>;
  /** How the rows of the list of phones are spelt. */
  readonly phonesDialect?: Partial<PhonesDialect>;
  /** Further host names under which the page and the control endpoints answer. */
  readonly allowedHosts?: readonly string[];
  /**
   * The clock, in milliseconds since 1970; default Date.now. It dates things and ends what has a
   * term; delays run on real timers.
   */
  readonly now?: () => number;
}

/** An account as the simulator knows it: one key and the phones behind it. */
export interface SimulatorAccount {
  readonly key: string;
  readonly label: string;
  readonly phones: readonly [SimulatorPhone, ...SimulatorPhone[]];
}

/**
 * Gives every key a label and at least one phone; throws RangeError for an empty or repeated key or
 * label.
 */
export function resolveAccounts(apiKeys: SimulatorOptions['apiKeys']): SimulatorAccount[] {
  const given = apiKeys ?? [{ key: `demo-${randomBytes(16).toString('hex')}`, label: 'demo' }];
  const accounts = given.map((entry, index): SimulatorAccount => {
    const { key, label, phones } = typeof entry === 'string' ? { key: entry } : entry;
    const accountLabel = label ?? (index === 0 ? 'demo' : `demo-${index + 1}`);
    const [first = { id: `phone-${index + 1}`, label: `Phone ${index + 1}` }, ...others] = phones ?? [];
    return { key, label: accountLabel, phones: [first, ...others] };
  });
  if (accounts.length === 0) throw new RangeError('At least one API key is required.');
  if (accounts.some(({ key }) => key.trim() === '')) throw new RangeError('An API key must not be empty.');
  if (new Set(accounts.map(({ key }) => key)).size < accounts.length) {
    throw new RangeError('The same API key occurs twice.');
  }
  if (new Set(accounts.map(({ label }) => label)).size < accounts.length) {
    throw new RangeError('The same label occurs twice.');
  }
  return accounts;
}
