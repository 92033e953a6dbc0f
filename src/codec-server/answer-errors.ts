import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { noteForAudit } from './audit-log.js';
import { HttpError } from './http-error.js';

/** What the body parser reports, by its `type`. */
const BODY_ERRORS: Readonly<Record<string, HttpError>> = {
  'entity.too.large': new HttpError(413, 'body too large', 'The body is larger than 8 MiB.'),
  'entity.parse.failed': new HttpError(400, 'malformed body', 'The body is not JSON.'),
  'encoding.unsupported': new HttpError(415, 'compressed body', 'The body must not be compressed.'),
  'charset.unsupported': new HttpError(415, 'not UTF-8', 'The body must be UTF-8.'),
  'request.aborted': new HttpError(400, 'aborted', 'The body is incomplete.'),
  'request.size.invalid': new HttpError(400, 'malformed body', 'Content-Length does not match the body.'),
};

/**
 * Answers what was refused with its status and sentence, and everything unexpected with 500 and
 * nothing of it.
 */
export function answerErrors(log: Logger): ErrorRequestHandler {
  // Express knows it by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, _request, response, _next) => {
    const refusal = toHttpError(error);
    if (refusal.status === 500)
      log.error({ error: error instanceof Error ? error.name : typeof error }, 'codec error');
    noteForAudit(response, { reason: refusal.reason });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(refusal.status).set(refusal.headers).json({ message: refusal.message });
  };
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const type = error instanceof Error && 'type' in error ? String(error.type) : '';
  return BODY_ERRORS[type] ?? new HttpError(500, 'internal error', 'Internal error.');
}
