import { Router, type Response } from 'express';
import type { SentMessagesFaultKind } from './fault-catalog.js';
import type { FaultRules, SentMessagesFault } from './fault-rules.js';
import type { LogDialect } from './sent-messages-dialect.js';
import { selectRows, spellRow } from './sent-messages-page.js';
import type { MessageStore, SentRow } from './message-store.js';
import { resetConnection, sendHtml } from './raw-replies.js';
import { findAccount } from './read-submission.js';
import { DEFAULT_DELAY_MS, DEFAULT_RETRY_AFTER_SECONDS } from './send-fault.js';
import type { SimulatorAccount } from './simulator-options.js';
import type { Timers } from './timers.js';

/** What the endpoints of reading work with. */
export interface LogDeps {
  readonly accounts: readonly SimulatorAccount[];
  readonly faults: FaultRules;
  readonly store: MessageStore;
  readonly timers: Timers;
  readonly dialect: () => LogDialect;
  readonly pageSize: number;
}

/** `/log/sent/sms/` and `/gateway/mobile/list/`. */
export function createLogRouter(deps: LogDeps): Router {
  const router = Router({ strict: true });

  router.get('/log/sent/sms/', (req, res) => {
    const query = readQuery(req.originalUrl);
    const account = authorize(deps.accounts, query, res);
    if (account === undefined) return;
    const fault = deps.faults.pickForLog();
    const rows = withoutMissing(deps.store.rowsOf(account), fault);
    const selected = selectRows(rows, query, deps.pageSize);
    if ('invalid' in selected) {
      const message = `The parameter ${selected.invalid}.`;
      res.status(400).json({ error: 'invalid_parameter', message });
      return;
    }
    const sms = selected.rows.map((row) => spellRow(row, deps.dialect()));
    const guidUnknown = (query['guid_message'] ?? '') !== '' && sms.length === 0;
    const send = () => {
      if (!res.destroyed) res.json({ result: { error: guidUnknown ? 'message not found' : '', sms } });
    };
    if (fault === undefined) send();
    else logReplies[fault.kind]({ res, fault, send, timers: deps.timers });
  });

  router.get('/gateway/mobile/list/', (req, res) => {
    const query = readQuery(req.originalUrl);
    const account = authorize(deps.accounts, query, res);
    if (account === undefined) return;
    const { sid = '', search = '' } = query;
    const mobiles = account.phones
      .filter(({ id, label }) => (sid === '' || id === sid) && label.includes(search))
      .map(({ id, label }) => ({ sid: id, sIdentifiant: id, label, battery: '87', version: '4.2.0' }));
    res.json({ result: { error: '', mobiles } });
  });

  return router;
}

interface LogReply {
  readonly res: Response;
  readonly fault: SentMessagesFault;
  readonly timers: Timers;
  readonly send: () => void;
}

const logReplies: Readonly<Record<SentMessagesFaultKind, (reply: LogReply) => void>> = {
  'log-403': ({ res }) => res.status(403).json({ error: 'forbidden', message: 'The API key is invalid.' }),
  'log-429': ({ res }) =>
    res
      .status(429)
      .set('retry-after', String(DEFAULT_RETRY_AFTER_SECONDS))
      .json({ error: 'too_many_requests', message: 'Too many requests.' }),
  'log-500': ({ res }) => res.status(500).json({ error: 'internal', message: 'Internal server error.' }),
  'log-503': ({ res }) => res.status(503).json({ error: 'unavailable', message: 'Unavailable.' }),
  'log-html': ({ res }) => {
    sendHtml(res, 200);
  },
  'log-no-array': ({ res }) => res.json({ result: { error: 'no message', sms: null } }),
  'log-empty': ({ res }) => res.json({ result: { error: '', sms: [] } }),
  'log-empty-body': ({ res }) => res.type('json').send(''),
  'log-missing-rows': ({ send }) => {
    send();
  },
  'log-slow': ({ fault, timers, send }) => {
    timers.after(fault.delayMs ?? DEFAULT_DELAY_MS.reply, send);
  },
  'log-stall': () => undefined,
  'log-reset': ({ res }) => {
    resetConnection(res);
  },
};

function withoutMissing(rows: SentRow[], fault: SentMessagesFault | undefined): SentRow[] {
  if (fault?.kind !== 'log-missing-rows') return rows;
  const { number } = fault;
  if (number === undefined) return rows.slice(1);
  return rows.filter(({ submission: { recipient } }) =>
    number.startsWith('+') ? recipient !== number : !recipient.endsWith(number),
  );
}

function authorize(
  accounts: readonly SimulatorAccount[],
  query: Readonly<Record<string, string>>,
  res: Response,
): SimulatorAccount | undefined {
  const found = findAccount(accounts, query['apikey']);
  if ('account' in found) return found.account;
  const { status, error, message } = found.refusal;
  res.status(status).json({ error, message });
  return undefined;
}

function readQuery(url: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? ''));
}
