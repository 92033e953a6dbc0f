import type { CountryCode } from 'libphonenumber-js';
import type { SendingPolicy } from '../policies/sending-policy.js';
import type { SmsOptOuts } from './sms-opt-outs.js';

/** Where the policies are stored, and how they are reached. */
export interface SmsPoliciesOptions {
  /**
   * The web app's PostgreSQL, `postgres://user:password@host:port/database`, of a role that may
   * write to the schema `durable_sms`.
   */
  readonly databaseUrl: string;
  /**
   * The country of a number that is written without a country code: ISO 3166-1 alpha-2.
   *
   * @default 'FR'
   */
  readonly defaultRegion?: CountryCode | undefined;
  /**
   * How many connections are open at most, 1 to 100.
   *
   * @default 4
   */
  readonly maxConnections?: number | undefined;
  /**
   * How long PostgreSQL has for one statement, its connection included: 100 to 3,600,000
   * milliseconds.
   *
   * @default 10_000
   */
  readonly queryTimeoutMs?: number | undefined;
}

/**
 * When, and how fast, an account sends marketing messages. Every method throws SmsError
 * DATABASE_UNAVAILABLE if PostgreSQL is away.
 */
export interface SmsSendingPolicies {
  /**
   * What holds for an account; the defaults where it has set nothing.
   *
   * @throws SmsError VALIDATION_FAILED
   *
   * @example
   * const { opensAt, closesAt } = await policies.policy.get(accountId);
   */
  get(accountId: string): Promise<SendingPolicy>;
  /**
   * Changes some settings and leaves the others. Hours hold at once for every request. A send that
   * waits keeps its moment until then, and asks for another if that is outside the new hours;
   * `npx durable-sms policy set` has all that wait ask at once.
   *
   * @returns what holds now
   * @throws SmsError VALIDATION_FAILED, which names the setting: nothing was changed
   *
   * @example
   * await policies.policy.set(accountId, { closesAt: '19:00', perDay: 150 });
   */
  set(accountId: string, changes: Partial<SendingPolicy>): Promise<SendingPolicy>;
  /**
   * Goes back to the defaults.
   *
   * @throws SmsError VALIDATION_FAILED
   *
   * @example
   * await policies.policy.reset(accountId);
   */
  reset(accountId: string): Promise<void>;
}

/** A marketing request that was granted. */
export interface Outreach {
  /** Workflow id, run and request. */
  readonly ticket: string;
  /** The account that writes. */
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhone: string;
  /**
   * The provider's id of the phone that sends, and its SIM card; empty for any of the account's.
   */
  readonly sendingPhone: string;
  /** How many segments the message has. */
  readonly segments: number;
  /** When the request may be made, ISO 8601, UTC. */
  readonly at: string;
  /** `metadata.huntId` of the job. */
  readonly huntId?: string;
  /** `released`: the request was never made, and counts for nothing. */
  readonly state: 'granted' | 'released';
}

/** Which requests are wanted: those that meet every condition given. */
export interface OutreachListOptions {
  /** The account that writes. */
  readonly accountId?: string | undefined;
  /** The recipient's number as people write it. */
  readonly recipientPhone?: string | undefined;
  /** `metadata.huntId` of the job. */
  readonly huntId?: string | undefined;
  /** At this time or later. */
  readonly since?: Date | undefined;
  /** Before this time. */
  readonly until?: Date | undefined;
  /**
   * How many are fetched per request, 1 to 10,000.
   *
   * @default 500
   */
  readonly pageSize?: number | undefined;
}

/** A sending phone that is not known to work. */
export interface FailingPhone {
  /** The account that writes. */
  readonly accountId: string;
  /** The provider's id of the phone, and its SIM card; empty for any of the account's. */
  readonly sendingPhone: string;
  /**
   * `closed`: nothing is sent. `trying`: one message tries whether it works again, and the others
   * wait. `failing`: it failed, and is still used.
   */
  readonly state: 'closed' | 'trying' | 'failing';
  /** Why, in a few words. */
  readonly reason: string;
  /** How often in a row it failed. */
  readonly failures: number;
  /** The last failure, ISO 8601, UTC. */
  readonly failedAt: string;
  /** Until when nothing is sent, ISO 8601, UTC. */
  readonly closedUntil?: string;
}

/** What is to be forgotten. */
export interface ForgetOptions {
  /** The number as people write it. */
  readonly recipientPhone: string;
  /**
   * The account whose rows are erased.
   *
   * @default all accounts
   */
  readonly accountId?: string | undefined;
  /**
   * Counts only, and erases nothing.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
}

/** What was forgotten, and what was not. */
export interface Forgotten {
  /** Granted requests that were erased. */
  readonly outreach: number;
  /** Replies that were erased. */
  readonly inboundMessages: number;
  /** Opt-outs, which stay: they are what keeps the number from being written to. */
  readonly keptOptOuts: number;
}

/**
 * Reads and sets who may be written to, and when, in the web app's PostgreSQL. One object serves a
 * whole process. It connects at its first call, and never to Temporal: a send that waits finds an
 * opt-out before its next request.
 *
 * @example
 * const policies = createSmsPolicies({ databaseUrl: process.env.DATABASE_URL });
 * await policies.optOuts.add({ accountId, recipientPhone: '06 39 98 00 42' });
 * await policies.policy.set(accountId, { closesAt: '19:00' });
 * await policies.close();
 */
export interface SmsPolicies {
  /** Who has opted out. */
  readonly optOuts: SmsOptOuts;
  /** When, and how fast, accounts send marketing messages. */
  readonly policy: SmsSendingPolicies;
  /** Which marketing requests were granted. */
  readonly outreach: {
    /**
     * Lists the granted requests, the latest first. Pages are fetched as they are read.
     *
     * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, DATABASE_UNAVAILABLE
     *
     * @example
     * for await (const { recipientPhone, at } of policies.outreach.list({ huntId })) show(recipientPhone, at);
     */
    list(options?: OutreachListOptions): AsyncIterable<Outreach>;
  };
  /** Which sending phones are not known to work. */
  readonly phones: {
    /**
     * Lists them, by account.
     *
     * @throws SmsError VALIDATION_FAILED, DATABASE_UNAVAILABLE
     *
     * @example
     * const closed = (await policies.phones.list({ accountId })).filter(({ state }) => state === 'closed');
     */
    list(options?: { readonly accountId?: string | undefined }): Promise<readonly FailingPhone[]>;
  };
  /**
   * Erases what the schema knows of a number: granted requests and replies. Its opt-outs stay. Its
   * requests no longer count toward the limits, and a later reply of it is not recognised as an
   * opt-out, so add one first for a number that must not be written to again.
   *
   * @throws SmsError PHONE_NUMBER_INVALID, DATABASE_UNAVAILABLE; VALIDATION_FAILED, also if a reply
   *   of the number waits for a decision: nothing was erased
   *
   * @example
   * await policies.forget({ recipientPhone: '06 39 98 00 42' });
   */
  forget(options: ForgetOptions): Promise<Forgotten>;
  /**
   * Closes the connections; statements in flight get two seconds.
   *
   * @example
   * await policies.close();
   */
  close(): Promise<void>;
}
