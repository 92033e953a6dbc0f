import cors from 'cors';
import type { RequestHandler } from 'express';
import { HttpError } from './http-error.js';

/** What Web UI and CLI send. */
const REQUEST_HEADERS = ['Content-Type', 'X-Namespace', 'Authorization', 'Authorization-Extras'];

const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Refuses pages of other origins before anything is read, and answers what browsers ask beforehand;
 * what comes without an origin (the CLI) passes.
 */
export function guardOrigin(origins: readonly string[]): RequestHandler[] {
  const allowed = new Set(origins);
  const refuseForeign: RequestHandler = (request, _response, next) => {
    const origin = request.get('origin');
    if (origin !== undefined && !allowed.has(origin))
      throw new HttpError(403, 'foreign origin', 'This origin is not allowed: see CODEC_SERVER_ORIGINS.');
    next();
  };
  return [
    refuseForeign,
    cors({
      origin: [...allowed],
      methods: ['POST'],
      allowedHeaders: REQUEST_HEADERS,
      exposedHeaders: ['Retry-After'],
      maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    }),
  ];
}
