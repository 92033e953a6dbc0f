import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import type { MessageStore } from './message-store.js';
import { renderPage } from './page/render-page.js';
import type { SimulatorControls } from './simulator.js';

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The inbox page at `/` and its assets. */
export function createPageRouter(deps: { controls: SimulatorControls; store: MessageStore }): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set(SECURITY_HEADERS);
    next();
  });
  const folder = fileURLToPath(new URL('./assets', import.meta.url));
  router.use('/assets', express.static(folder, { cacheControl: false, index: false }));
  router.get('/', (req, res) => {
    const { to, q } = req.query;
    const page = renderPage({
      messages: deps.controls.messages(),
      inbound: deps.controls.inbound(),
      requests: deps.controls.requests(),
      reads: deps.controls.reads(),
      faults: deps.controls.faults(),
      pendingCount: deps.store.pendingCount(),
      to: typeof to === 'string' && to !== '' ? to : undefined,
      search: typeof q === 'string' ? q : '',
      url: `http://${req.headers.host ?? 'localhost'}`,
    });
    res.type('html').send(page);
  });
  return router;
}
