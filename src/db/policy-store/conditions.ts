import type { Parameter } from '../pool.js';
import {
  numberDigest,
  numberDigestOf,
  recipientDigest,
  recipientDigestOf,
} from '../policies/recipient-digest.js';

/** The parameters of a statement, in the order in which its text names them. */
export interface Parameters {
  readonly values: readonly Parameter[];
  /** Adds a value; answers what stands for it in the text. */
  add(value: Parameter, type: 'text' | 'uuid' | 'integer' | 'timestamptz'): string;
}

/** A statement without parameters so far. */
export function createParameters(): Parameters {
  const values: Parameter[] = [];
  return {
    values,
    add(value, type) {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}

/** Whose rows are meant: of an account, of a recipient, of both, or all. */
export interface RowOwner {
  readonly accountId?: string | undefined;
  /** E.164. */
  readonly phone?: string | undefined;
}

/** The conditions on a row of this alias. The number is compared by digest, and never sent. */
export function conditionsOf(
  alias: string,
  { accountId, phone }: RowOwner,
  parameters: Parameters,
): string[] {
  const isDigest = (digest: string) => `pg_catalog.decode(${parameters.add(digest, 'text')}, 'hex')`;
  if (accountId !== undefined && phone !== undefined)
    return [`${recipientDigestOf(alias)} = ${isDigest(recipientDigest({ accountId, phone }))}`];
  if (phone !== undefined) return [`${numberDigestOf(alias)} = ${isDigest(numberDigest(phone))}`];
  return accountId === undefined ? [] : [`${alias}.account_id = ${parameters.add(accountId, 'uuid')}`];
}

/** Conditions as a WHERE clause, or nothing. */
export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
