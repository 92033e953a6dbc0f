import { once } from 'node:events';
import type { Response } from 'express';
import type { Timers } from './timers.js';

/** Ends the connection with a TCP reset. */
export function resetConnection(res: Response): void {
  res.socket?.resetAndDestroy();
}

/** A provider's HTML error page. */
export function sendHtml(res: Response, status: number): void {
  res
    .status(status)
    .type('html')
    .send(
      '<!doctype html><html><head><title>Provider</title></head><body><h1>Please wait</h1></body></html>',
    );
}

/** Announces more bytes than it sends, then resets the connection. */
export function sendTruncated(res: Response, body: string, timers: Timers): void {
  const bytes = Buffer.from(body);
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
    timers.after(50, () => {
      resetConnection(res);
    });
  });
}

/** Sends the head at once and the body in ten pieces over `overMs` milliseconds. */
export function sendSlowly(
  res: Response,
  status: number,
  body: string,
  overMs: number,
  timers: Timers,
): void {
  const bytes = Buffer.from(body);
  const size = Math.ceil(bytes.length / 10);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.flushHeaders();
  const sendFrom = (start: number): void => {
    timers.after(Math.max(1, overMs / 10), () => {
      if (res.destroyed) return;
      const end = start + size;
      if (end >= bytes.length) {
        res.end(bytes.subarray(start));
        return;
      }
      res.write(bytes.subarray(start, end));
      sendFrom(end);
    });
  };
  sendFrom(0);
}

/** Streams a JSON object of `byteCount` bytes and more whose only field is a very long note. */
export async function sendHuge(res: Response, byteCount: number): Promise<void> {
  const piece = 'x'.repeat(65_536);
  res.writeHead(200, { 'content-type': 'application/json' });
  res.write('{"result":{"note":"');
  const closed = new AbortController();
  res.once('close', () => {
    closed.abort();
  });
  try {
    for (let sent = 0; sent < byteCount && !closed.signal.aborted; sent += piece.length) {
      if (!res.write(piece)) await once(res, 'drain', { signal: closed.signal });
    }
    res.end('"}}');
  } catch {
    res.destroy();
  }
}
