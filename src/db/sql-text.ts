import { PgDialect } from 'drizzle-orm/pg-core';
import type { SQLWrapper } from 'drizzle-orm';

const dialect = new PgDialect();

/**
 * A query as one text, its parameters written into it. Several statements go to the server in one
 * message only without parameters of their own (PostgreSQL documentation, "Simple Query"), and one
 * message is one transaction, with any pooler.
 */
export function toSqlText(query: SQLWrapper): string {
  const { sql, params } = dialect.sqlToQuery(query.getSQL());
  // What drizzle writes holds a $1 nowhere else: names of ours have none.
  return sql.replace(/\$(\d+)/g, (_, number: string) => toLiteral(params[Number(number) - 1]));
}

/** A query and its parameters, for a message of its own. */
export function toQuery(query: SQLWrapper): { text: string; parameters: (string | number | null)[] } {
  const { sql, params } = dialect.sqlToQuery(query.getSQL());
  return { text: sql, parameters: params as (string | number | null)[] };
}

/** A string or number as a literal, whatever standard_conforming_strings says. */
export function toLiteral(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') throw new TypeError('A query parameter must be a string or a number.');
  if (value.includes('\0')) throw new TypeError('A query parameter must not contain a zero byte.');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
