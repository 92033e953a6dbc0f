import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type Options } from 'express-rate-limit';
import { callerOf } from './audit-log.js';
import { HttpError } from './http-error.js';

/**
 * Counts only requests without a valid token, by address, so that a caller cannot try one token
 * after the other.
 */
export function limitWrongTokens(perMinute: number): RequestHandler {
  return rateLimit({
    ...commonOptions(perMinute, 'wrong token'),
    keyGenerator: addressOf,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
  });
}

/**
 * Counts the requests of each caller: of each JWT subject, or of each address where all have one
 * token or none.
 */
export function limitCallers(perMinute: number, by: 'subject' | 'address'): RequestHandler {
  return rateLimit({
    ...commonOptions(perMinute, 'caller'),
    keyGenerator: by === 'subject' ? (_request, response) => callerOf(response) ?? '' : addressOf,
  });
}

function commonOptions(perMinute: number, name: string): Partial<Options> {
  return {
    windowMs: 60_000,
    limit: perMinute,
    identifier: name,
    // Retry-After comes with these.
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // It would print its doubts about forwarded headers on the console; which proxies are believed
    // is configured.
    validate: false,
    handler: (_request, response, next) => {
      const retryAfter = response.getHeader('Retry-After');
      next(
        new HttpError(429, `rate limit (${name})`, 'Too many requests; try again later.', {
          'Retry-After': String(retryAfter ?? 60),
        }),
      );
    },
  };
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
