import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  pgSchema,
  primaryKey,
  smallint,
  text,
  time,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

/**
 * The schema of this service in the web app's database; docs/policies.md documents its tables as an
 * interface. After a change: `npm run migrations NAME` writes the next migration.
 */
export const POLICIES_SCHEMA = 'durable_sms';

const schema = pgSchema(POLICIES_SCHEMA);

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** What a recipient is looked up by, see `isRecipient`. */
const RECIPIENT_DIGEST = sql.raw('pg_catalog.sha256(("account_id"::text || "phone")::bytea)');

const e164 = (name: string, column: string) => check(name, sql.raw(`"${column}" ~ '^\\+[1-9][0-9]{6,14}$'`));

/** Who must not be written to any more, by which account. */
export const optOuts = schema.table(
  'opt_outs',
  {
    accountId: uuid('account_id').notNull(),
    phone: text('phone').notNull(),
    optedOutAt: moment('opted_out_at').notNull().defaultNow(),
    source: text('source').notNull(),
    /** The message that said so, as in `inbound_messages.provider_id`. */
    inboundId: text('inbound_id'),
    /** The one send that may still write to the number. */
    confirmationWorkflowId: text('confirmation_workflow_id'),
    /** When that send was started. */
    confirmedAt: moment('confirmed_at'),
    /** When the waiting sends to the number were asked to look. */
    announcedAt: moment('announced_at'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.phone] }),
    e164('opt_outs_phone_e164', 'phone'),
    check('opt_outs_source', sql`"source" IN ('keyword', 'operator', 'api')`),
    index('opt_outs_recipient').on(RECIPIENT_DIGEST),
    index('opt_outs_unconfirmed')
      .on(table.accountId)
      .where(sql`"confirmation_workflow_id" IS NOT NULL AND "confirmed_at" IS NULL`),
    index('opt_outs_unannounced')
      .on(table.accountId)
      .where(sql`"announced_at" IS NULL`),
  ],
);

/** When and how fast an account may write; an account without a row has the defaults. */
export const sendingPolicies = schema.table(
  'sending_policies',
  {
    accountId: uuid('account_id').primaryKey(),
    region: text('region').notNull().default('FR'),
    timeZone: text('time_zone').notNull().default('Europe/Paris'),
    /** ISO 8601 weekdays, 1 is Monday. */
    days: smallint('days')
      .array()
      .notNull()
      .default(sql`'{1,2,3,4,5,6}'`),
    opensAt: time('opens_at', { precision: 0 }).notNull().default('08:30'),
    closesAt: time('closes_at', { precision: 0 }).notNull().default('20:00'),
    holidays: text('holidays').notNull().default('FR'),
    perMinute: integer('per_minute').notNull().default(6),
    segmentsPerMinute: integer('segments_per_minute').notNull().default(20),
    perHour: integer('per_hour').notNull().default(100),
    perDay: integer('per_day').notNull().default(300),
    newRecipientsPer30Days: integer('new_recipients_per_30_days').notNull().default(200),
  },
  () => [
    check('sending_policies_region', sql`"region" ~ '^[A-Z]{2}$'`),
    check('sending_policies_days', sql`"days" <@ '{1,2,3,4,5,6,7}' AND cardinality("days") BETWEEN 1 AND 7`),
    check('sending_policies_holidays', sql`"holidays" IN ('FR', 'FR-57', 'none')`),
    check('sending_policies_hours', sql`"opens_at" <> "closes_at"`),
    check(
      'sending_policies_limits',
      sql`"per_minute" > 0 AND "segments_per_minute" > 0 AND "per_hour" > 0 AND "per_day" > 0 AND "new_recipients_per_30_days" > 0`,
    ),
  ],
);

/** Every marketing request that was granted: the clock, and the record of who was written to. */
export const outreach = schema.table(
  'outreach',
  {
    /** Workflow id, run and request. */
    ticket: text('ticket').primaryKey(),
    accountId: uuid('account_id').notNull(),
    phone: text('phone').notNull(),
    /** Sending phone and SIM, or '' for any phone of the account. */
    lane: text('lane').notNull(),
    segments: smallint('segments').notNull(),
    at: moment('at').notNull(),
    huntId: text('hunt_id'),
    purpose: text('purpose').notNull(),
    /** A released grant was never used: it counts for nothing. */
    state: text('state').notNull().default('granted'),
  },
  (table) => [
    e164('outreach_phone_e164', 'phone'),
    check('outreach_purpose', sql`"purpose" IN ('marketing')`),
    check('outreach_state', sql`"state" IN ('granted', 'released')`),
    index('outreach_recipient').on(RECIPIENT_DIGEST),
    index('outreach_at').on(table.accountId, table.at),
    // Who was written to for the first time, and when: an index-only scan.
    index('outreach_first_contacts')
      .on(table.accountId, table.phone, table.lane, table.at)
      .where(sql`"state" <> 'released'`),
  ],
);

/** Sending phones that cannot send at the moment; without a row, a phone can. */
export const phones = schema.table(
  'phones',
  {
    accountId: uuid('account_id').notNull(),
    lane: text('lane').notNull(),
    /** Null after failures that do not close it. */
    closedUntil: moment('closed_until'),
    reason: text('reason').notNull(),
    /** How often in a row it failed. */
    failures: integer('failures').notNull(),
    /** The one send that tries whether it works again, and until when it has the right to. */
    probeTicket: text('probe_ticket'),
    probeUntil: moment('probe_until'),
    failedAt: moment('failed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.lane] })],
);

/** What people who were written to have answered. */
export const inboundMessages = schema.table(
  'inbound_messages',
  {
    accountId: uuid('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    phone: text('phone').notNull(),
    /** Null once it was erased, after 90 days. */
    message: text('message'),
    receivedAt: moment('received_at').notNull(),
    kind: text('kind').notNull(),
    /** What a person decided about a possible opt-out; null while nobody has. */
    decision: text('decision'),
    decidedAt: moment('decided_at'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.providerId] }),
    e164('inbound_messages_phone_e164', 'phone'),
    check('inbound_messages_kind', sql`"kind" IN ('message', 'opt-out', 'possible-opt-out')`),
    check('inbound_messages_decision', sql`"decision" IN ('opt-out', 'dismissed')`),
    index('inbound_messages_undecided')
      .on(RECIPIENT_DIGEST)
      .where(sql`"kind" = 'possible-opt-out' AND "decision" IS NULL`),
  ],
);

/** When each account's inbox was read. */
export const inboxes = schema.table('inboxes', {
  accountId: uuid('account_id').primaryKey(),
  /** The last complete reading. */
  readAt: moment('read_at'),
  /** The newest message that a reading has shown, from any sender. */
  newestAt: moment('newest_at'),
  /** Since when no reading has succeeded, and why. */
  failingSince: moment('failing_since'),
  failure: text('failure'),
});

/** Opt-outs from numbers that the account has not written to: neither number nor text is kept. */
export const unmatchedOptOuts = schema.table(
  'unmatched_opt_outs',
  {
    accountId: uuid('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    receivedAt: moment('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.providerId] })],
);
