import { Router } from 'express';
import type { TypedMessage } from './inbound-message.js';
import type { InboundStore } from './inbound-store.js';
import { rowTimeMs, spellInboundRow } from './inbox-dialect.js';
import type { MessageStore } from './message-store.js';
import { spellPhone } from './phones-dialect.js';
import type { PhoneStates } from './phone-states.js';
import { selectRows, spellRow } from './sent-messages-page.js';
import { serveList, type ListDeps, type Query } from './serve-list.js';
import type { Dialects } from './dialects.js';

/** What the endpoints of reading work with. */
export interface ListsDeps extends ListDeps {
  readonly store: MessageStore;
  readonly inbox: InboundStore;
  readonly phones: PhoneStates;
  readonly dialects: Dialects;
  readonly pageSize: number;
  readonly now: () => number;
}

/** The lists: `/log/sent/sms/`, `/getsms/`, `/log/sent/frommobile/` and `/gateway/mobile/list/`. */
export function createListsRouter(deps: ListsDeps): Router {
  const router = Router({ strict: true });
  router.get('/log/sent/sms/', serveSentMessages(deps));
  router.get('/getsms/', serveInbox(deps));
  router.get('/log/sent/frommobile/', serveTyped(deps));
  router.get('/gateway/mobile/list/', servePhones(deps));
  return router;
}

function serveSentMessages(deps: ListsDeps) {
  return serveList(deps, {
    list: 'log',
    rowsOf: deps.store.rowsOf,
    numberOf: ({ submission }) => submission.recipient,
    select: (rows, query) => {
      const selected = selectRows(rows, query, deps.pageSize);
      if ('invalid' in selected) return selected;
      return { rows: selected.rows.map((row) => spellRow(row, deps.dialects.log())) };
    },
    wrap: (sms, query) => {
      const isGuidUnknown = (query['guid_message'] ?? '') !== '' && sms?.length === 0;
      return {
        result: { error: sms === null ? 'no message' : isGuidUnknown ? 'message not found' : '', sms },
      };
    },
  });
}

function serveInbox({ inbox, dialects, ...deps }: ListsDeps) {
  return serveList(deps, {
    list: 'inbox',
    rowsOf: inbox.inboundOf,
    numberOf: ({ from }) => from,
    select: (rows, query) => {
      const { after_timestamp_unix: after = '', sIdentifiantPhone: phone = '', onlyunread = '' } = query;
      if (!/^\d{0,12}$/.test(after)) return { invalid: 'after_timestamp_unix must be Unix seconds' };
      if (!['', 'yes', 'no'].includes(onlyunread)) return { invalid: 'onlyunread must be yes or no' };
      const dialect = dialects.inbox();
      const found = rows.filter(
        (row) =>
          (after === '' || Math.floor(rowTimeMs(row, dialect) / 1_000) > Number(after)) &&
          (phone === '' || row.phoneId === phone) &&
          (onlyunread !== 'yes' || inbox.isUnread(row)),
      );
      inbox.markRead(found);
      const ordered = dialect.order === 'newest-first' ? found : found.toReversed();
      return { rows: ordered.map((row) => spellInboundRow(row, dialect)) };
    },
    wrap: (sms) => ({ result: { error: null, sms } }),
    hidesUnknownKey: () => dialects.inbox().unknownKey === 'empty',
  });
}

const DAY_MS = 86_400_000;
const PERIODS: Readonly<Record<string, number>> = {
  '': Infinity,
  last_24h: DAY_MS,
  last_7days: 7 * DAY_MS,
  last_30days: 30 * DAY_MS,
};

function serveTyped({ inbox, now, ...deps }: ListsDeps) {
  return serveList(deps, {
    list: 'typed',
    rowsOf: inbox.typedOf,
    numberOf: ({ to }) => to,
    select: (rows: TypedMessage[], { period = '', limit = '' }: Query) => {
      const termMs = PERIODS[period];
      if (termMs === undefined) return { invalid: 'period must be last_24h, last_7days or last_30days' };
      if (!/^\d{0,6}$/.test(limit)) return { invalid: 'limit must be a whole number' };
      const found = rows.filter(({ at }) => Date.parse(at) >= now() - termMs);
      return { rows: found.slice(0, limit === '' ? 50 : Number(limit)).map(spellTyped) };
    },
    wrap: (sms) => ({ result: { error: null, sms } }),
  });
}

function spellTyped({ id, guid, to, text, at, phoneId }: TypedMessage): Record<string, string> {
  return {
    id,
    sIdentifiantPhone: phoneId,
    timestamp_unix: String(Math.floor(Date.parse(at) / 1_000)),
    message: text,
    number: to,
    guid,
  };
}

function servePhones({ phones, dialects, ...deps }: ListsDeps) {
  return serveList(deps, {
    list: 'phones',
    rowsOf: (account) => account.phones.map((phone) => ({ phone, state: phones.get(account, phone.id) })),
    numberOf: () => undefined,
    select: (rows, { sid = '', search = '' }) => {
      const found = rows.filter(
        ({ phone }) => (sid === '' || phone.id === sid) && phone.label.includes(search),
      );
      return { rows: found.map(({ phone, state }) => spellPhone(phone, state, dialects.phones())) };
    },
    wrap: (mobiles) => ({ result: { error: '', [dialects.phones().list]: mobiles } }),
  });
}
