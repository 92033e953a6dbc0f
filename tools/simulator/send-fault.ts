import type { Response } from 'express';
import type { AcceptedReply } from './accepted-reply.js';
import { describeFault, type SendFaultKind } from './fault-catalog.js';
import type { SendFault } from './fault-rules.js';
import type { Fate } from './message-store.js';
import { resetConnection, sendHtml, sendHuge, sendSlowly, sendTruncated } from './raw-replies.js';
import type { Timers } from './timers.js';

/**
 * How late `slow-reply`, `slow-body`, `phone-late` and `row-late` are unless a rule says, and when
 * the phone of `phone-fails-first` tries again; in milliseconds.
 */
export const DEFAULT_DELAY_MS = { reply: 3_000, phone: 10_000, row: 10_000 };
/** What a 429 asks to wait unless a rule says, in seconds. */
export const DEFAULT_RETRY_AFTER_SECONDS = 2;
/** The size of `huge-body` unless a rule says, in bytes. */
const DEFAULT_HUGE_BYTES = 67_108_864;

/** What a faulty reply is made of. */
export interface FaultyReply {
  readonly res: Response;
  readonly fault: SendFault;
  readonly recorded: boolean;
  readonly accepted: AcceptedReply;
  readonly nowMs: number;
  readonly timers: Timers;
  /** Where a redirect leads unless the rule says. */
  readonly redirectUrl: string;
}

/** Whether the message of a faulty send is taken all the same. */
export function isRecorded(fault: SendFault): boolean {
  const { isOutcomeUnknown, alwaysRecorded } = describeFault(fault.kind);
  return alwaysRecorded === true || (isOutcomeUnknown && fault.recorded === true);
}

/** What a fault does to the message after it was taken. */
export function fateOf(fault: SendFault): Fate {
  const { kind, phoneDelayMs, phoneRetryMs, rowDelayMs, rowMissing } = fault;
  return {
    ...(kind === 'phone-fails' && { phoneError: 'RESULT_ERROR_NO_SERVICE' }),
    ...(kind === 'phone-fails-first' && {
      phoneError: 'RESULT_ERROR_RADIO_OFF',
      phoneRetryMs: DEFAULT_DELAY_MS.phone,
    }),
    ...(kind === 'phone-never' && { phoneNever: true }),
    ...(kind === 'provider-fails' && { providerError: 'carrier_refused' }),
    ...(kind === 'phone-late' && { phoneDelayMs: DEFAULT_DELAY_MS.phone }),
    ...(kind === 'row-late' && { rowDelayMs: DEFAULT_DELAY_MS.row }),
    ...(kind === 'row-missing' && { rowMissing: true }),
    ...(phoneDelayMs !== undefined && { phoneDelayMs }),
    ...(phoneRetryMs !== undefined && { phoneRetryMs }),
    ...(rowDelayMs !== undefined && { rowDelayMs }),
    ...(rowMissing !== undefined && { rowMissing }),
  };
}

/** Answers a send as its fault wants it. */
export function replyWithFault(reply: FaultyReply): void {
  replies[reply.fault.kind](reply);
}

type Answer = (reply: FaultyReply) => void;

const result =
  (fields: (reply: FaultyReply) => Record<string, unknown>): Answer =>
  (reply) => {
    reply.res.json({ result: fields(reply) });
  };

const refuse =
  (status: number, error: string, message: string): Answer =>
  ({ res }) => {
    res.status(status).json({ error, message });
  };

const html =
  (status: number): Answer =>
  ({ res }) => {
    sendHtml(res, status);
  };

const redirect =
  (status: number): Answer =>
  ({ res, fault, redirectUrl }) => {
    res
      .status(status)
      .set('location', fault.location ?? redirectUrl)
      .end();
  };

const tooMany =
  (retryAfter: (seconds: number, nowMs: number) => string): Answer =>
  ({ res, fault, nowMs }) => {
    const seconds = fault.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS;
    res
      .status(429)
      .set('retry-after', retryAfter(seconds, nowMs))
      .json({ error: 'too_many_requests', message: 'Too many requests.' });
  };

const text =
  (body: string): Answer =>
  ({ res }) => {
    res.type('json').send(body);
  };

const accept: Answer = ({ res, accepted }) => {
  res.json(accepted);
};

const noteOf = (note: string) => ({ note, datetime: '', port: null });
const lateBody = ({ recorded, accepted }: FaultyReply) => JSON.stringify(recorded ? accepted : unavailable);
const unavailable = { error: 'unavailable', message: 'The service is unavailable.' };

const replies: Readonly<Record<SendFaultKind, Answer>> = {
  'error-1': result(() => ({ error: 1, sent: 'no', ...noteOf('API key not authorised') })),
  'error-2': result(() => ({ error: 2, sent: 'no', ...noteOf('mobile offline') })),
  'error-string': result(() => ({ error: 'invalid_recipient', sent: '0', ...noteOf('invalid recipient') })),
  'subscription-expire': result(() => ({ error: 'subscription_expire', sent: 'no' })),
  'api-error': result(() => ({ error: 'message_refused', sent: 'api_error', ...noteOf('message refused') })),
  'error-with-id': result(({ accepted }) => ({ ...accepted.result, error: 3, sent: 'no' })),
  'no-id': result(({ accepted: { result: fields } }) => ({ ...fields, id: undefined })),
  'sent-other': result(({ accepted }) => ({ ...accepted.result, sent: '0' })),
  strings: result(({ accepted }) => ({ ...accepted.result, error: '0' })),
  numbers: result(({ accepted }) => ({ ...accepted.result, sent: 1 })),
  'http-400': refuse(400, 'invalid_parameter', 'The parameter recipients is invalid.'),
  'http-401': refuse(401, 'unauthorized', 'The API key is not authorised.'),
  'http-403': refuse(403, 'forbidden', 'The API key is invalid or has expired.'),
  'http-429': tooMany(String),
  'http-429-date': tooMany((seconds, nowMs) => new Date(nowMs + seconds * 1_000).toUTCString()),
  'http-500': refuse(500, 'internal', 'Internal server error.'),
  'http-502': refuse(502, 'bad_gateway', 'Bad gateway.'),
  'http-503': refuse(503, unavailable.error, unavailable.message),
  'html-200': html(200),
  'html-502': html(502),
  'redirect-301': redirect(301),
  'redirect-302': redirect(302),
  'redirect-307': redirect(307),
  'redirect-308': redirect(308),
  'empty-200': text(''),
  'invalid-json': text('{"result":{"error":0,"sent":"1",'),
  'missing-result': text('{"status":"ok"}'),
  'huge-body': ({ res, fault }) => {
    void sendHuge(res, fault.bytes ?? DEFAULT_HUGE_BYTES);
  },
  'truncated-body': ({ res, accepted, timers }) => {
    sendTruncated(res, JSON.stringify(accepted), timers);
  },
  'slow-body': (reply) => {
    const overMs = reply.fault.delayMs ?? DEFAULT_DELAY_MS.reply;
    sendSlowly(reply.res, reply.recorded ? 200 : 503, lateBody(reply), overMs, reply.timers);
  },
  'reset-before-read': ({ res }) => {
    resetConnection(res);
  },
  'reset-after-read': ({ res }) => {
    resetConnection(res);
  },
  stall: () => undefined,
  'slow-reply': (reply) => {
    reply.timers.after(reply.fault.delayMs ?? DEFAULT_DELAY_MS.reply, () => {
      if (reply.res.destroyed) return;
      reply.res
        .status(reply.recorded ? 200 : 503)
        .type('json')
        .send(lateBody(reply));
    });
  },
  'phone-offline': result(() => ({ error: 2, sent: 'no', ...noteOf('mobile offline') })),
  'phone-fails': accept,
  'phone-late': accept,
  'phone-fails-first': accept,
  'phone-never': accept,
  'provider-fails': accept,
  'row-late': accept,
  'row-missing': accept,
};
