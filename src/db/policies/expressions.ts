import { sql, type SQL } from 'drizzle-orm';
import { recipientDigest, recipientDigestOf } from './recipient-digest.js';

/** A moment as whole epoch milliseconds: a bigint, which the driver reads as a string. */
export function epochMs(moment: SQL): SQL {
  // Not `extract`, whose numerics take ten times as long: a double holds milliseconds exactly.
  return sql`(pg_catalog.date_part('epoch', ${moment}) * 1000)::bigint`;
}

/** Epoch milliseconds as a moment. */
export function momentOf(atMs: number): SQL {
  return sql`pg_catalog.to_timestamp(${atMs}::numeric / 1000)`;
}

/**
 * Whether a row of this alias is about a recipient of an account. By digest, which an index holds:
 * PostgreSQL's log shows the text of slow and of failed statements, and no number is to be in it.
 *
 * @param recipient.phone E.164
 */
export function isRecipient(alias: string, recipient: { accountId: string; phone: string }): SQL {
  return sql`${sql.raw(recipientDigestOf(alias))} = pg_catalog.decode(${recipientDigest(recipient)}, 'hex')`;
}

/**
 * Whether the joined row `opt_out` forbids a request of this run: the send that confirms an opt-out
 * passes.
 */
export function isOptedOut(workflowId: string): SQL {
  return sql`(opt_out.phone IS NOT NULL AND opt_out.confirmation_workflow_id IS DISTINCT FROM ${workflowId})`;
}

/** A span of time in milliseconds as an interval. */
export function seconds(ms: number): SQL {
  return sql.raw(`interval '${ms / 1000} seconds'`);
}
