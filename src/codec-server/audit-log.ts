import { performance } from 'node:perf_hooks';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

/** What the handlers of a request note for its line in the audit log. */
export interface AuditNotes {
  caller?: string;
  /** How many came. */
  payloads?: number;
  decoded?: number;
  encoded?: number;
  /** How many could not be decrypted. */
  left?: number;
  /** Why it was refused. */
  reason?: string;
}

const notes = new WeakMap<Response, AuditNotes>();

/** Adds to the line of this request. */
export function noteForAudit(response: Response, further: AuditNotes): void {
  notes.set(response, { ...notes.get(response), ...further });
}

/** The caller, if it is known by now. */
export function callerOf(response: Response): string | undefined {
  return notes.get(response)?.caller;
}

/**
 * Writes a line for each request when it is over, refused or not: who, what, how many, how long;
 * never what was in it.
 */
export function auditRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    // Before a router changes it.
    const { path } = request;
    response.once('close', () => {
      const fields = {
        ...describeRequest(request, path),
        status: response.statusCode,
        ...(response.writableFinished ? {} : { aborted: true }),
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        ...shortened(notes.get(response) ?? {}),
      };
      if (response.statusCode < 400) log.info(fields, 'codec request');
      else log.warn(fields, 'codec request refused');
    });
    next();
  };
}

/** Others write these; one of them must not fill the log. */
const MAX_FIELD = 200;

function describeRequest(request: Request, path: string): Record<string, unknown> {
  const fields = {
    method: request.method,
    path,
    namespace: request.get('x-namespace'),
    origin: request.get('origin'),
    address: request.ip,
  };
  return shortened(fields);
}

function shortened(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value.slice(0, MAX_FIELD) : value,
    ]),
  );
}
