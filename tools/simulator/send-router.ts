import express, { Router, type Request, type Response } from 'express';
import { acceptedReply } from './accepted-reply.js';
import type { FaultRules } from './fault-rules.js';
import { newMessageId, type MessageStore } from './message-store.js';
import { resetConnection } from './raw-replies.js';
import { readSubmission } from './read-submission.js';
import type { PhoneStates } from './phone-states.js';
import type { RequestLog } from './request-log.js';
import { fateOf, isRecorded, replyWithFault } from './send-fault.js';
import type { SimulatorAccount } from './simulator-options.js';
import type { Timers } from './timers.js';

/** What the endpoints of sending work with. */
export interface SendDeps {
  readonly accounts: readonly SimulatorAccount[];
  readonly faults: FaultRules;
  readonly store: MessageStore;
  readonly requests: RequestLog;
  readonly phones: PhoneStates;
  readonly timers: Timers;
  readonly now: () => number;
}

type Complete = ReturnType<RequestLog['arrive']>;
interface Arrival {
  readonly complete: Complete;
  readonly consulted: number | undefined;
}

/** `/sendsms/`: GET and POST, and below it the trap where followed redirects end. */
export function createSendRouter(deps: SendDeps): Router {
  const router = Router({ strict: true });
  const arrivals = new WeakMap<Request, Arrival>();

  router.use('/sendsms', (req, res, next) => {
    if (!req.originalUrl.startsWith('/sendsms/')) {
      next();
      return;
    }
    const path = req.originalUrl.split('?')[0] ?? '';
    const complete = deps.requests.arrive({ method: req.method, path, headers: req.headers });
    const { reset, consulted } =
      path === '/sendsms/' ? deps.faults.pickBeforeReading() : { reset: false, consulted: undefined };
    arrivals.set(req, { complete, consulted });
    if (!reset) {
      next();
      return;
    }
    complete({ outcome: 'reset-before-read' });
    resetConnection(res);
  });

  const form = express.text({ type: () => true, limit: '1mb' });
  router.post('/sendsms/', form, (req, res) => {
    answer(req, res, req.is('application/x-www-form-urlencoded') === false ? {} : readForm(req.body));
  });
  router.get('/sendsms/', (req, res) => {
    answer(req, res, readForm(req.originalUrl.split('?')[1]));
  });
  router.all('/sendsms/redirected/', form, (req, res) => {
    arrivals.get(req)?.complete({ outcome: 'redirect followed', fields: readForm(req.body) });
    res.status(404).json({ error: 'not_found', message: 'A redirect was followed to here.' });
  });

  function answer(req: Request, res: Response, fields: Record<string, string>): void {
    const arrival = arrivals.get(req);
    if (arrival === undefined) throw new Error('A send was not noted on arrival.');
    const { complete, consulted } = arrival;
    const reading = readSubmission(deps, fields);
    if ('refusal' in reading) {
      const { status, error, message } = reading.refusal;
      complete({ fields, outcome: String(status) });
      res.status(status).json({ error, message });
      return;
    }
    if ('applicationError' in reading) {
      complete({ fields, outcome: reading.applicationError });
      res.json({ result: { error: reading.applicationError, sent: 'no', note: reading.note } });
      return;
    }
    const { submission } = reading;
    const nowMs = deps.now();
    const id = newMessageId();
    const accepted = acceptedReply(id, submission, nowMs);
    const fault = deps.faults.pickForSend(submission.recipient, consulted);
    if (fault === undefined && !deps.phones.get(submission.account, submission.phone.id).online) {
      complete({ fields, outcome: 'phone offline' });
      res.json({ result: { error: 2, sent: 'no', note: 'mobile offline' } });
      return;
    }
    if (fault === undefined) {
      deps.store.take(id, submission, {});
      complete({ fields, outcome: 'accepted', recorded: true });
      res.json(accepted);
      return;
    }
    const recorded = isRecorded(fault);
    if (recorded) deps.store.take(id, submission, fateOf(fault));
    complete({ fields, outcome: fault.kind, recorded });
    const redirectUrl = `http://${req.headers.host ?? 'localhost'}/sendsms/redirected/`;
    replyWithFault({ res, fault, recorded, accepted, nowMs, timers: deps.timers, redirectUrl });
  }

  return router;
}

function readForm(body: unknown): Record<string, string> {
  return typeof body === 'string' ? Object.fromEntries(new URLSearchParams(body)) : {};
}
