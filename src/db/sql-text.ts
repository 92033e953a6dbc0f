import { PgDialect } from 'drizzle-orm/pg-core';
import type { SQLWrapper } from 'drizzle-orm';
import { toLiteral } from './literal.js';

const dialect = new PgDialect();

/**
 * A query as one text, its parameters written into it. Several statements go to the server in one
 * message only without parameters of their own (PostgreSQL documentation, "Simple Query"), and one
 * message is one transaction, with any pooler.
 */
export function toSqlText(query: SQLWrapper): string {
  const { sql, params } = dialect.sqlToQuery(query.getSQL());
  // A statement that was written as it is may hold a $1 in a text.
  if (params.length === 0) return sql;
  // What drizzle writes holds a $1 nowhere else: names of ours have none.
  return sql.replace(/\$(\d+)/g, (_, number: string) => toLiteral(params[Number(number) - 1]));
}

/** A query and its parameters, for a message of its own. */
export function toQuery(query: SQLWrapper): { text: string; parameters: (string | number | null)[] } {
  const { sql, params } = dialect.sqlToQuery(query.getSQL());
  return { text: sql, parameters: params as (string | number | null)[] };
}
