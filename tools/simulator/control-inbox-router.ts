import { Router, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { listIssues } from './fault-rule.js';
import { UnknownPlaceError } from './find-place.js';
import { phoneChangesSchema } from './phone-states.js';
import type { SimulatorControls } from './simulator.js';

const place = {
  accountLabel: z.string().min(1).max(200).optional(),
  phoneId: z.string().min(1).max(200).optional(),
};
const dateTime = z.iso.datetime({ offset: true }).optional();
const number = z.string().trim().min(1, 'Give a number or a name.').max(200);
const message = z.string().min(1, 'Write a message.').max(20_000);

const inboundSchema = z.strictObject({ from: number, message, receivedAt: dateTime, ...place });
const typedSchema = z.strictObject({ to: number, message, at: dateTime, ...place });
const phoneSchema = phoneChangesSchema.extend({ accountLabel: place.accountLabel });

/** `/_control/…` of what people write to the phones, type on them, and of the phones themselves. */
export function createControlInboxRouter(controls: SimulatorControls): Router {
  const router = Router();
  router.get('/inbound', (_req, res) => {
    res.json({ inbound: controls.inbound() });
  });
  router.post('/inbound', take(inboundSchema, 201, controls.receive));
  router.get('/typed', (_req, res) => {
    res.json({ typed: controls.typed() });
  });
  router.post('/typed', take(typedSchema, 201, controls.type));
  router.get('/reads', (_req, res) => {
    res.json({ count: controls.readCount(), reads: controls.reads() });
  });
  router.patch('/phones/:id', (req, res) => {
    take(phoneSchema, 200, (changes) => controls.setPhone(req.params.id, changes))(req, res, () => undefined);
  });
  return router;
}

/** Reads a body in this form; answers 400 for another one, and for a place that there is not. */
function take<Body>(schema: z.ZodType<Body>, status: number, act: (body: Body) => object): RequestHandler {
  return (req, res) => {
    const parsed = schema.safeParse(req.body);
    if (!parsed.success) {
      refuse(res, listIssues(parsed.error));
      return;
    }
    try {
      res.status(status).json(act(parsed.data));
    } catch (error) {
      if (!(error instanceof UnknownPlaceError)) throw error;
      refuse(res, error.message);
    }
  };
}

function refuse(res: Response, reason: string): void {
  res.status(400).json({ error: 'invalid_request', message: reason });
}
