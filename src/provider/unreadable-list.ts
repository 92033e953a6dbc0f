import { omitUndefined } from '../domain/omit-undefined.js';
import type { UnreadableList } from '../domain/unreadable-list.js';

/** A list that gave no reply that can be read. */
export function unreadableList(reason: string, httpStatus?: number): UnreadableList {
  return { kind: 'unreadable', code: 'PROVIDER_UNAVAILABLE', reason, ...omitUndefined({ httpStatus }) };
}
