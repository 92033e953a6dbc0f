import type { z } from 'zod';
import { DEFAULT_INBOX_DIALECT, inboxDialectSchema, type InboxDialect } from './inbox-dialect.js';
import { DEFAULT_PHONES_DIALECT, phonesDialectSchema, type PhonesDialect } from './phones-dialect.js';
import { DEFAULT_LOG_DIALECT, logDialectSchema, type LogDialect } from './sent-messages-dialect.js';

/** The dialect of each list as it is now. */
export interface Dialects {
  readonly log: () => LogDialect;
  readonly inbox: () => InboxDialect;
  readonly phones: () => PhonesDialect;
}

/** The form of each dialect. */
export const DIALECT_SCHEMAS = {
  log: logDialectSchema,
  inbox: inboxDialectSchema,
  phones: phonesDialectSchema,
} as const;

const DEFAULTS = { log: DEFAULT_LOG_DIALECT, inbox: DEFAULT_INBOX_DIALECT, phones: DEFAULT_PHONES_DIALECT };

/** What changes of each dialect. */
export type DialectChanges = {
  [Name in keyof typeof DIALECT_SCHEMAS]?: Partial<z.output<(typeof DIALECT_SCHEMAS)[Name]>> | undefined;
};

/** Keeps the dialects; throws ZodError for a form that there is none of. */
export function createDialects(start: DialectChanges, changed: () => void) {
  const merge = (before: typeof DEFAULTS, changes: DialectChanges) => ({
    log: logDialectSchema.parse({ ...before.log, ...changes.log }),
    inbox: inboxDialectSchema.parse({ ...before.inbox, ...changes.inbox }),
    phones: phonesDialectSchema.parse({ ...before.phones, ...changes.phones }),
  });
  const first = merge(DEFAULTS, start);
  let current = first;
  return {
    log: () => current.log,
    inbox: () => current.inbox,
    phones: () => current.phones,
    change: (changes: DialectChanges): void => {
      current = merge(current, changes);
      changed();
    },
    /** As at the start. */
    reset(): void {
      current = first;
    },
  };
}
