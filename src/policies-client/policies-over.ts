import type { CountryCode } from 'libphonenumber-js';
import type { PolicyStore } from '../db/policy-store/open-policy-store.js';
import type { OutreachRow, OutreachRowFilter } from '../db/policy-store/outreach.js';
import type { FailingPhoneRow } from '../db/policy-store/phones.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { createOptOuts } from './opt-outs.js';
import {
  invalid,
  optional,
  readAccountId,
  readDate,
  readHuntId,
  readPageSize,
  readRecipientPhone,
} from './read-fields.js';
import { createSendingPolicies } from './sending-policies.js';
import type { FailingPhone, Outreach, OutreachListOptions, SmsPolicies } from './sms-policies.js';

const DEFAULT_PAGE_SIZE = 500;

/** The policies of a store that is open. */
export function createPoliciesOver(
  store: PolicyStore,
  { defaultRegion }: { readonly defaultRegion: CountryCode },
): SmsPolicies {
  const readPhone = (written: unknown) => readRecipientPhone(written, defaultRegion);
  return {
    optOuts: createOptOuts(store, { defaultRegion }),
    policy: createSendingPolicies(store.sendingPolicies),
    outreach: {
      async *list({ pageSize = DEFAULT_PAGE_SIZE, ...filter }: OutreachListOptions = {}) {
        const rows = store.listOutreach(toFilter(filter, readPhone), readPageSize(pageSize));
        for await (const row of rows) yield toOutreach(row);
      },
    },
    phones: {
      async list({ accountId } = {}) {
        return (await store.listFailingPhones(optional(accountId, readAccountId))).map(toFailingPhone);
      },
    },
    async forget({ recipientPhone, accountId, dryRun = false }) {
      const owner = { phone: readPhone(recipientPhone), accountId: optional(accountId, readAccountId) };
      const { outreach, inboundMessages, optOuts, undecided } = await store.countOrErase(owner, {
        erase: !dryRun,
      });
      if (undecided > 0)
        throw invalid(
          'A reply of this number may be an opt-out, and waits for a decision: confirm or dismiss it first. Nothing was erased.',
        );
      return { outreach, inboundMessages, keptOptOuts: optOuts };
    },
    close: store.close,
  };
}

function toFilter(
  { accountId, recipientPhone, huntId, since, until }: OutreachListOptions,
  readPhone: (written: unknown) => string,
): OutreachRowFilter {
  return {
    accountId: optional(accountId, readAccountId),
    phone: optional(recipientPhone, readPhone),
    huntId: optional(huntId, readHuntId),
    since: optional(since, (date) => readDate('since', date)),
    until: optional(until, (date) => readDate('until', date)),
  };
}

function toOutreach({ ticket, accountId, phone, lane, segments, at, huntId, state }: OutreachRow): Outreach {
  return Object.assign(
    {
      ticket,
      accountId,
      recipientPhone: phone,
      sendingPhone: lane,
      segments,
      at: at.toISOString(),
      state,
    },
    omitUndefined({ huntId }),
  );
}

function toFailingPhone(row: FailingPhoneRow): FailingPhone {
  const { accountId, lane, reason, failures, failedAt, closedUntil, isClosed } = row;
  const state = isClosed ? 'closed' : closedUntil === undefined ? 'failing' : 'trying';
  return Object.assign(
    { accountId, sendingPhone: lane, state, reason, failures, failedAt: failedAt.toISOString() } as const,
    omitUndefined({ closedUntil: closedUntil?.toISOString() }),
  );
}
