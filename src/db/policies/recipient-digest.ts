import { createHash } from 'node:crypto';

/** SQL: what a row of this alias is looked up by, as the indices hold it. */
export function recipientDigestOf(alias: string): string {
  return `pg_catalog.sha256((${alias}."account_id"::text || ${alias}."phone")::bytea)`;
}

/**
 * The same of a recipient of an account, in hexadecimal: PostgreSQL's log shows the text of slow
 * and of failed statements, and no number is to be in it.
 *
 * @param recipient.phone E.164
 */
export function recipientDigest({ accountId, phone }: { accountId: string; phone: string }): string {
  return digest(`${accountId.toLowerCase()}${phone}`);
}

/** SQL: what a number is looked up by in the rows of all accounts; no index holds it. */
export function numberDigestOf(alias: string): string {
  return `pg_catalog.sha256(${alias}."phone"::bytea)`;
}

/** The same of a number in E.164, in hexadecimal. */
export function numberDigest(phone: string): string {
  return digest(phone);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
