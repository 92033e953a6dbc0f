import type { Request, RequestHandler, Response } from 'express';
import type { FaultRules, ListFault } from './fault-rules.js';
import { splitListFault, type ListName } from './list-fault-catalog.js';
import { replyWithListFault } from './list-fault.js';
import { findAccount, type Refusal } from './read-submission.js';
import type { RequestLog } from './request-log.js';
import type { SimulatorAccount } from './simulator-options.js';
import type { Timers } from './timers.js';

/** What every endpoint that gives a list works with. */
export interface ListDeps {
  readonly accounts: readonly SimulatorAccount[];
  readonly faults: FaultRules;
  /** Where reads are noted. */
  readonly reads: RequestLog;
  readonly timers: Timers;
}

/** The filters of a request, by name. */
export type Query = Readonly<Record<string, string>>;

/** One list of the API: where its rows come from, and how they are given. */
export interface ListEndpoint<Row> {
  readonly list: ListName;
  /** The rows of one account, newest first. */
  readonly rowsOf: (account: SimulatorAccount) => Row[];
  /** The number that `missing-rows` can be narrowed to; undefined where a row has none. */
  readonly numberOf: (row: Row) => string | undefined;
  /** Filters and spells rows, or says which filter is invalid. */
  readonly select: (rows: Row[], query: Query) => { rows: object[] } | { invalid: string };
  /** The reply around rows, or around null where a list belongs. */
  readonly wrap: (rows: readonly object[] | null, query: Query) => object;
  /** Whether an unknown key gets an empty list instead of a 403. */
  readonly hidesUnknownKey?: () => boolean;
}

/** Answers requests for one list, notes each, and applies the faults. */
export function serveList<Row>(deps: ListDeps, endpoint: ListEndpoint<Row>): RequestHandler {
  return (req, res) => {
    const path = req.originalUrl.split('?')[0] ?? '';
    const query = readQuery(req);
    const complete = deps.reads.arrive({ method: req.method, path, headers: req.headers });
    const finish = (outcome: string) => {
      complete({ fields: query, outcome });
    };
    const found = findAccount(deps.accounts, query['apikey']);
    if ('refusal' in found) {
      refuse(res, finish, found.refusal);
      return;
    }
    const fault = deps.faults.pickForList(endpoint.list);
    const selected = endpoint.select(withoutMissing(endpoint, endpoint.rowsOf(found.account), fault), query);
    if ('invalid' in selected) {
      const message = `The parameter ${selected.invalid}.`;
      refuse(res, finish, { status: 400, error: 'invalid_parameter', message });
      return;
    }
    const wrap = (rows: readonly object[] | null) => endpoint.wrap(rows, query);
    const body = wrap(selected.rows);
    finish(fault === undefined ? 'read' : fault.kind);
    if (fault === undefined) res.json(body);
    else replyWithListFault({ res, fault, timers: deps.timers, body, wrap });
  };

  function refuse(res: Response, finish: (outcome: string) => void, refusal: Refusal): void {
    if (refusal.status === 403 && endpoint.hidesUnknownKey?.() === true) {
      finish('empty for an unknown key');
      res.json(endpoint.wrap([], {}));
      return;
    }
    const { status, error, message } = refusal;
    finish(String(status));
    res.status(status).json({ error, message });
  }
}

function withoutMissing<Row>(endpoint: ListEndpoint<Row>, rows: Row[], fault: ListFault | undefined): Row[] {
  if (fault === undefined || splitListFault(fault.kind).name !== 'missing-rows') return rows;
  const { number } = fault;
  if (number === undefined) return rows.slice(1);
  return rows.filter((row) => {
    const own = endpoint.numberOf(row) ?? '';
    return number.startsWith('+') ? own !== number : !own.endsWith(number);
  });
}

function readQuery(req: Request): Query {
  return Object.fromEntries(new URLSearchParams(req.originalUrl.split('?')[1] ?? ''));
}
