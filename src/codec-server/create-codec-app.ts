import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createPayloadCodec } from '../encryption/payload-codec.js';
import { answerErrors } from './answer-errors.js';
import { auditRequests, noteForAudit } from './audit-log.js';
import type { CodecServerConfig } from './codec-server-config.js';
import { createDecode, createEncode, type ConvertPayloads } from './convert-payloads.js';
import { guardOrigin } from './guard-origin.js';
import { readPayloads } from './payload-json.js';
import { limitCallers, limitWrongTokens } from './rate-limits.js';
import { HttpError } from './http-error.js';
import { createVerifyCaller } from './verify-caller.js';

/** Above what a gRPC message of Temporal may hold (4 MiB), in base64. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Everything that the codec server answers. A request passes the guards in this order, and is read
 * only after the last.
 */
export function createCodecApp(config: CodecServerConfig, log: Logger): Express {
  const { access, origins, requestsPerMinute, trustedProxies } = config;
  const codec = createPayloadCodec(config.payloadKeys);
  // Nothing is counted before it is known to be no other page's: any page could use up an
  // operator's limits.
  const guards: RequestHandler[] = [
    ...guardOrigin(origins),
    allowOnly('POST', 'OPTIONS'),
    access.kind === 'open' ? refuseProxied : limitWrongTokens(requestsPerMinute),
    authenticate(config),
    limitCallers(requestsPerMinute, access.kind === 'jwt' ? 'subject' : 'address'),
    requireJson,
    express.json({ limit: BODY_LIMIT_BYTES, inflate: false }),
  ];

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', trustedProxies.length === 0 ? false : [...trustedProxies]);
  app.use(neitherSniffedNorStored);
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.use(auditRequests(log));
  app.all('/healthz', allowOnly('GET', 'HEAD'));
  // Under any prefix, as in Temporal's own Go handler: the CLI puts the namespace where the
  // endpoint says {namespace}.
  app.all(/\/decode$/, ...guards, convert('decoded', createDecode(codec)));
  app.all(/\/encode$/, ...guards, convert('encoded', createEncode(codec)));
  app.use(() => {
    throw new HttpError(404, 'no such path', 'Use POST /decode or POST /encode.');
  });
  app.use(answerErrors(log));
  return app;
}

function convert(counted: 'decoded' | 'encoded', convertPayloads: ConvertPayloads): RequestHandler {
  return async (request, response) => {
    const received = readPayloads(request.body);
    const { payloads, converted, left } = await convertPayloads(received);
    const notes = { payloads: received.length, [counted]: converted };
    noteForAudit(response, counted === 'decoded' ? { ...notes, left } : notes);
    response.json({ payloads });
  };
}

function authenticate({ access }: CodecServerConfig): RequestHandler {
  const verifyCaller = createVerifyCaller(access);
  return async (request, response, next) => {
    noteForAudit(response, { caller: await verifyCaller(request.get('authorization')) });
    next();
  };
}

/**
 * Without authentication, only this machine is to be served, and a proxy on it may speak for the
 * whole world.
 */
const refuseProxied: RequestHandler = (request, _response, next) => {
  if (['x-forwarded-for', 'forwarded', 'via'].some((name) => request.get(name) !== undefined))
    throw new HttpError(
      403,
      'proxied without authentication',
      'Behind a proxy, CODEC_SERVER_TOKEN or CODEC_SERVER_JWKS_URL is required.',
    );
  next();
};

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') !== 'application/json')
    throw new HttpError(415, 'not JSON', 'Send JSON with Content-Type: application/json.');
  next();
};

const neitherSniffedNorStored: RequestHandler = (_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  next();
};

function allowOnly(...methods: string[]): RequestHandler {
  return (request, _response, next) => {
    if (!methods.includes(request.method))
      throw new HttpError(405, 'wrong method', `Use ${methods.join(' or ')}.`, { Allow: methods.join(', ') });
    next();
  };
}
