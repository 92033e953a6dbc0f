import type { Response } from 'express';
import type { ListFault } from './fault-rules.js';
import { splitListFault, type ListFaultName } from './list-fault-catalog.js';
import { resetConnection, sendHtml, sendSlowly, sendTruncated } from './raw-replies.js';
import { DEFAULT_DELAY_MS, DEFAULT_RETRY_AFTER_SECONDS } from './send-fault.js';
import type { Timers } from './timers.js';

/** What a faulty reply of a list is made of. */
export interface FaultyListReply {
  readonly res: Response;
  readonly fault: ListFault;
  readonly timers: Timers;
  /** The reply without the fault. */
  readonly body: object;
  /** The reply around other rows, or around null where a list belongs. */
  readonly wrap: (rows: readonly object[] | null) => object;
}

/** Answers a read of a list as its fault wants it. */
export function replyWithListFault(reply: FaultyListReply): void {
  replies[splitListFault(reply.fault.kind).name](reply);
}

type Answer = (reply: FaultyListReply) => void;

const refuse =
  (status: number, error: string, message: string): Answer =>
  ({ res }) => {
    res.status(status).json({ error, message });
  };

const replies: Readonly<Record<ListFaultName, Answer>> = {
  '403': refuse(403, 'forbidden', 'The API key is invalid.'),
  '429': ({ res, fault }) => {
    res
      .status(429)
      .set('retry-after', String(fault.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS))
      .json({ error: 'too_many_requests', message: 'Too many requests.' });
  },
  '500': refuse(500, 'internal', 'Internal server error.'),
  '503': refuse(503, 'unavailable', 'Unavailable.'),
  html: ({ res }) => {
    sendHtml(res, 200);
  },
  'no-array': ({ res, wrap }) => {
    res.json(wrap(null));
  },
  empty: ({ res, wrap }) => {
    res.json(wrap([]));
  },
  'empty-body': ({ res }) => {
    res.type('json').send('');
  },
  'invalid-json': ({ res, body }) => {
    res.type('json').send(JSON.stringify(body).slice(0, -1));
  },
  'cut-off': ({ res, body, timers }) => {
    sendTruncated(res, JSON.stringify(body), timers);
  },
  'missing-rows': ({ res, body }) => {
    res.json(body);
  },
  slow: ({ res, body, fault, timers }) => {
    timers.after(fault.delayMs ?? DEFAULT_DELAY_MS.reply, () => {
      if (!res.destroyed) res.json(body);
    });
  },
  'slow-body': ({ res, body, fault, timers }) => {
    sendSlowly(res, 200, JSON.stringify(body), fault.delayMs ?? DEFAULT_DELAY_MS.reply, timers);
  },
  stall: () => undefined,
  reset: ({ res }) => {
    resetConnection(res);
  },
};
