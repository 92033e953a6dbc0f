import type { CountryCode } from 'libphonenumber-js';
import type { OptOutFilter, OptOutRow, RecipientRow, StoredOptOut } from '../db/policy-store/opt-outs.js';
import type { PolicyStore } from '../db/policy-store/open-policy-store.js';
import { SmsError } from '../domain/errors.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { formatOptOut, OPT_OUT_HEAD, readFormat } from './format-opt-outs.js';
import { toOptOutRow } from './opt-out-row.js';
import { parseOptOuts } from './parse-opt-outs.js';
import {
  invalid,
  optional,
  readAccountId,
  readDate,
  readInboundId,
  readPageSize,
  readRecipientPhone,
  readSource,
} from './read-fields.js';
import type {
  NewOptOut,
  OptOut,
  OptOutListOptions,
  OptOutRecipient,
  OptOutsAdded,
  SmsOptOuts,
} from './sms-opt-outs.js';

/** How many opt-outs one statement adds. */
const BATCH_SIZE = 500;

const DEFAULT_PAGE_SIZE = 500;

/** The opt-outs of a store, for web apps. */
export function createOptOuts(
  { optOuts, possibleOptOuts }: Pick<PolicyStore, 'optOuts' | 'possibleOptOuts'>,
  { defaultRegion }: { readonly defaultRegion: CountryCode },
): SmsOptOuts {
  const readRecipient = (recipient: OptOutRecipient): RecipientRow => ({
    accountId: readAccountId(recipient.accountId),
    phone: readRecipientPhone(recipient.recipientPhone, defaultRegion),
  });
  const readPhone = (written: unknown) => readRecipientPhone(written, defaultRegion);

  async function* list({ pageSize = DEFAULT_PAGE_SIZE, ...filter }: OptOutListOptions = {}) {
    const rows = optOuts.list(toFilter(filter, readPhone), readPageSize(pageSize));
    for await (const row of rows) yield toOptOut(row);
  }

  async function addRows(rows: readonly OptOutRow[]): Promise<OptOutsAdded> {
    const added: OptOutRecipient[] = [];
    for (let from = 0; from < rows.length; from += BATCH_SIZE)
      added.push(...(await optOuts.add(rows.slice(from, from + BATCH_SIZE))).map(toRecipient));
    return { added, existing: rows.length - added.length };
  }

  return {
    async add(optOut) {
      const { added } = await addRows([toOptOutRow(optOut, defaultRegion)]);
      return { added: added.length > 0 };
    },
    addAll: async (all: readonly NewOptOut[]) =>
      addRows(all.map((optOut) => toOptOutRow(optOut, defaultRegion))),
    remove: async (recipient) => ({ removed: await optOuts.remove(readRecipient(recipient)) }),
    has: async (recipient) => optOuts.has(readRecipient(recipient)),
    list,
    async *export(format, options) {
      const form = readFormat(format);
      if (form === 'csv') yield OPT_OUT_HEAD;
      for await (const optOut of list(options)) yield formatOptOut(optOut, form);
    },
    async import(text, { accountId, source = 'api' } = {}) {
      const options = {
        accountId: optional(accountId, readAccountId),
        source: readSource(source),
        defaultRegion,
      };
      return addRows(parseOptOuts(text, options));
    },
    ...createDecisions(possibleOptOuts, readPhone),
  };
}

/** What is decided about replies. */
function createDecisions(
  store: PolicyStore['possibleOptOuts'],
  readPhone: (written: unknown) => string,
): Pick<SmsOptOuts, 'possible' | 'confirm' | 'dismiss'> {
  /** The one reply of this id. */
  async function findReply(id: unknown, accountId: string | undefined) {
    const reply = readInboundId('id', id);
    const [account, ...others] = await store.findAccounts(reply, optional(accountId, readAccountId));
    if (account === undefined) throw notFound();
    if (others.length > 0)
      throw invalid('Several accounts have a message of this id: name the account, too.');
    return { accountId: account, id: reply };
  }

  return {
    async *possible({ accountId, recipientPhone, pageSize = DEFAULT_PAGE_SIZE } = {}) {
      const owner = {
        accountId: optional(accountId, readAccountId),
        phone: optional(recipientPhone, readPhone),
      };
      for await (const row of store.list(owner, readPageSize(pageSize))) {
        const { id, message, receivedAt } = row;
        yield Object.assign(
          toRecipient(row),
          { id, receivedAt: receivedAt.toISOString() },
          omitUndefined({ message }),
        );
      }
    },
    async confirm(id, { accountId } = {}) {
      const confirmed = await store.confirm(await findReply(id, accountId));
      if (confirmed === undefined) throw notFound();
      return toRecipient(confirmed);
    },
    async dismiss(id, { accountId } = {}) {
      const dismissed = await store.dismiss(await findReply(id, accountId));
      if (dismissed === undefined)
        throw invalid(
          'This reply was confirmed as an opt-out. To write to its sender again, remove the opt-out.',
        );
      return toRecipient(dismissed);
    },
  };
}

function toFilter(
  { accountId, recipientPhone, since, until }: OptOutListOptions,
  readPhone: (written: unknown) => string,
): OptOutFilter {
  return {
    accountId: optional(accountId, readAccountId),
    phone: optional(recipientPhone, readPhone),
    since: optional(since, (date) => readDate('since', date)),
    until: optional(until, (date) => readDate('until', date)),
  };
}

function toRecipient({ accountId, phone }: RecipientRow): OptOutRecipient {
  return { accountId, recipientPhone: phone };
}

function toOptOut(row: StoredOptOut): OptOut {
  const { source, optedOutAt, inboundId } = row;
  return Object.assign(
    toRecipient(row),
    { source, optedOutAt: optedOutAt.toISOString() },
    omitUndefined({ inboundId }),
  );
}

function notFound(): SmsError {
  return new SmsError('NOT_FOUND', {
    message:
      'No reply that may be an opt-out has this id. To list them: npx durable-sms opt-outs list --possible.',
  });
}
