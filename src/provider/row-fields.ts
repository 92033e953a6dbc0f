import { isRecord } from '../domain/is-record.js';
import { isRoundedNumber } from './exact-numbers.js';
import { readCode } from './provider-code.js';

/**
 * The fields of a row that hold something, by their plain names; a name can come in several
 * spellings.
 */
export type RowFields = ReadonlyMap<string, readonly unknown[]>;

/**
 * A name without case, `_`, `-` and blanks, as the provider does not publish the names of all
 * fields.
 */
function plainNameOf(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** The fields of a row that hold something. */
export function collectFields(row: unknown): RowFields {
  const fields = new Map<string, unknown[]>();
  if (!isRecord(row)) return fields;
  for (const [name, field] of Object.entries(row)) {
    if (isBlank(field)) continue;
    const plainName = plainNameOf(name);
    const same = fields.get(plainName);
    if (same === undefined) fields.set(plainName, [field]);
    else same.push(field);
  }
  return fields;
}

/** The values of some fields, in the order of these names. */
export function pickFields(fields: RowFields, names: readonly string[]): unknown[] {
  return names.flatMap((name) => fields.get(name) ?? []);
}

/** Whether a row has one of these fields, be it blank. */
export function hasField(row: unknown, names: readonly string[]): boolean {
  return isRecord(row) && Object.keys(row).some((name) => names.includes(plainNameOf(name)));
}

/** PHP writes an empty list for nothing. */
function isBlank(field: unknown): boolean {
  if (typeof field === 'string') return field.trim() === '';
  return field === null || (Array.isArray(field) && field.length === 0);
}

/**
 * An id, as a list of it or of nothing. A number that was rounded on its way may be another
 * message's by now; `parseJson` gives the exact ones that are too great as strings.
 */
export function readId(field: unknown): string[] {
  const id = readCode(field) ?? '';
  const isRounded = typeof field === 'number' ? !Number.isSafeInteger(field) : isRoundedNumber(id);
  return id === '' || isRounded ? [] : [id];
}
