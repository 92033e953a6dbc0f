import { index, integer, pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const role = pgEnum('role', ['sender', 'operator']);

/** Who can sign in. A sender writes to leads; an operator decides about held sends. */
export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  role: role().notNull(),
  accountId: uuid('account_id').notNull(),
  accountName: text('account_name').notNull(),
});

/** Whom to write to. */
export const leads = pgTable(
  'leads',
  {
    id: text().primaryKey(),
    accountId: uuid('account_id').notNull(),
    huntId: text('hunt_id').notNull(),
    adId: text('ad_id').notNull(),
    name: text().notNull(),
    phone: text().notNull(),
    adTitle: text('ad_title').notNull(),
    city: text().notNull(),
  },
  (table) => [index('leads_by_hunt').on(table.accountId, table.huntId)],
);

/** Which sends a lead has had. The text is not here: nothing in the app shows it again. */
export const sends = pgTable(
  'sends',
  {
    workflowId: text('workflow_id').primaryKey(),
    leadId: text('lead_id')
      .notNull()
      .references(() => leads.id),
    /** From 1, for each lead. */
    number: integer().notNull(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('sends_of_lead').on(table.leadId, table.number)],
);
