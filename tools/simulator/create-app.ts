import express, { type ErrorRequestHandler, type Express } from 'express';
import type { ChangeBus } from './change-bus.js';
import { createControlInboxRouter } from './control-inbox-router.js';
import { createControlRouter } from './control-router.js';
import { guardControl, guardHost } from './guard-requests.js';
import { createListsRouter, type ListsDeps } from './lists-router.js';
import { createPageRouter } from './page-router.js';
import { createSendRouter, type SendDeps } from './send-router.js';
import type { SimulatorControls } from './simulator.js';
import { streamEvents } from './stream-events.js';

/** What the simulator's endpoints work with. */
export interface AppDeps extends SendDeps, ListsDeps {
  readonly controls: SimulatorControls;
  readonly bus: ChangeBus;
  /** Host names, beyond the usual ones, under which the page and the control endpoints answer. */
  readonly allowedHosts: readonly string[];
}

/** Everything that the simulator answers. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.use(createSendRouter(deps));
  app.use(createListsRouter(deps));
  app.use(guardHost(deps.allowedHosts));
  app.get('/_control/events', guardControl, streamEvents(deps.bus));
  app.use('/_control', guardControl, express.json({ limit: '1mb', strict: false }));
  app.use('/_control', createControlRouter(deps), createControlInboxRouter(deps.controls));
  app.use(createPageRouter(deps));
  app.use((req, res) => {
    const slash = req.path.endsWith('/') ? '' : ' Paths of the API end in a slash.';
    res.status(404).json({ error: 'not_found', message: `There is nothing here.${slash}` });
  });
  app.use(answerFailure);
  return app;
}

const answerFailure: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const status = readStatus(error);
  if (status < 500)
    res.status(status).json({ error: 'invalid_request', message: 'The request cannot be read.' });
  else next(error);
};

function readStatus(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}
