import { Router, type RequestHandler, type Response } from 'express';
import { DIALECT_SCHEMAS, type DialectChanges, type Dialects } from './dialects.js';
import { SEND_FAULT_KINDS, SEND_FAULTS } from './fault-catalog.js';
import { InvalidFaultRuleError, listIssues } from './fault-rule.js';
import type { FaultRules } from './fault-rules.js';
import { LIST_FAULT_KINDS, LIST_FAULTS, splitListFault } from './list-fault-catalog.js';
import { magicNumberFor } from './magic-number.js';
import type { SimulatorControls } from './simulator.js';

/** What the control endpoints work with. */
export interface ControlDeps {
  readonly controls: SimulatorControls;
  readonly faults: FaultRules;
  readonly dialects: Dialects;
}

/** `/_control/…`: JSON endpoints that read and steer the simulator. */
export function createControlRouter({ controls, faults, dialects }: ControlDeps): Router {
  const router = Router();

  router.get('/state', (_req, res) => {
    res.json({
      messageCount: controls.messages().length,
      inboundCount: controls.inbound().length,
      requestCount: controls.requestCount(),
      readCount: controls.readCount(),
      faults: controls.faults(),
      logDialect: dialects.log(),
      inboxDialect: dialects.inbox(),
      phonesDialect: dialects.phones(),
      accounts: controls.accounts.map(({ label, phones }) => ({ label, phones })),
    });
  });
  router.get('/messages', (_req, res) => {
    res.json({ messages: controls.messages() });
  });

  router.get('/taken', (_req, res) => {
    res.json({ taken: controls.taken() });
  });
  router.get('/requests', (_req, res) => {
    res.json({ count: controls.requestCount(), requests: controls.requests() });
  });

  router.get('/catalog', (_req, res) => {
    const send = SEND_FAULT_KINDS.map((kind) => ({
      kind,
      ...SEND_FAULTS[kind],
      magicNumber: magicNumberFor(kind),
    }));
    const lists = LIST_FAULT_KINDS.map((kind) => {
      const { list, name } = splitListFault(kind);
      return { kind, list, title: LIST_FAULTS[name] };
    });
    res.json({ send, lists });
  });
  router.get('/faults', (_req, res) => {
    res.json({ faults: controls.faults() });
  });
  router.post('/faults', changeFaults(201, controls.addFaults));
  router.put('/faults', changeFaults(200, controls.setFaults));
  router.delete('/faults', (_req, res) => {
    controls.setFaults([]);
    res.status(204).end();
  });
  router.delete('/faults/:id', (req, res) => {
    if (faults.remove(Number(req.params.id))) res.status(204).end();
    else refuse(res, 404, 'No active fault has this id.');
  });

  for (const [path, name] of [
    ['/dialect', 'log'],
    ['/dialect/inbox', 'inbox'],
    ['/dialect/phones', 'phones'],
  ] as const) {
    router.get(path, (_req, res) => {
      res.json(dialects[name]());
    });
    router.patch(path, (req, res) => {
      const parsed = DIALECT_SCHEMAS[name].partial().safeParse(req.body);
      if (!parsed.success) {
        refuse(res, 400, listIssues(parsed.error));
        return;
      }
      const changes: DialectChanges = { [name]: withoutUndefined(parsed.data) };
      controls.setDialects(changes);
      res.json(dialects[name]());
    });
  }

  router.post('/clear', (_req, res) => {
    controls.clear();
    res.status(204).end();
  });
  router.post('/reset', (_req, res) => {
    controls.reset();
    res.status(204).end();
  });
  return router;
}

function changeFaults(status: number, change: SimulatorControls['setFaults']): RequestHandler {
  return (req, res) => {
    try {
      res.status(status).json({ faults: change(req.body as Parameters<typeof change>[0]) });
    } catch (error) {
      if (!(error instanceof InvalidFaultRuleError)) throw error;
      refuse(res, 400, error.message);
    }
  };
}

function refuse(res: Response, status: number, message: string): void {
  res.status(status).json({ error: status === 404 ? 'not_found' : 'invalid_request', message });
}

function withoutUndefined(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
