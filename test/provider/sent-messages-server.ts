import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { SentMessages, SentMessagesRequest } from '../../src/domain/sent-messages.js';
import type { SentMessagesLimits } from '../../src/provider/sent-messages-reader.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';

/** A key that can be found again wherever it gets to, also in part. */
export const LOG_KEY = 'k3y+4f7a/0c9e=2b';

/** A row of a log as a provider may write it. */
export type WrittenRow = Record<string, unknown>;

/** A provider whose log is answered by a test. */
export interface LogServer {
  readonly url: string;
  /** What was asked for, in order. */
  readonly requests: { readonly method: string; readonly path: string; readonly query: URLSearchParams }[];
  readonly headers: IncomingMessage['headers'][];
  readonly close: () => Promise<void>;
}

/** Starts one; `answer` gets the query and the number of the request, from 1 on. */
export async function startLogServer(
  answer: (reply: ServerResponse, query: URLSearchParams, count: number) => void,
): Promise<LogServer> {
  const requests: LogServer['requests'] = [];
  const headers: LogServer['headers'] = [];
  const server = createServer((request, reply) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://gateway');
    headers.push(request.headers);
    requests.push({ method: request.method ?? '', path, query });
    answer(reply, query, requests.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers with a page of the log. */
export function sendPage(reply: ServerResponse, sms: unknown): void {
  sendBody(reply, JSON.stringify({ result: { error: 'message not found', sms } }));
}

export function sendBody(reply: ServerResponse, body: string, status = 200): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** A log of rows with `at` in unix seconds, newest first, as an honest provider keeps it. */
export function honestPage<T extends { at: number }>(
  rows: readonly T[],
  query: URLSearchParams,
  pageSize: number,
) {
  const before = Number(query.get('before') ?? Infinity);
  return rows.filter(({ at }) => at < before).slice(0, pageSize);
}

/** How {@link readLogOf} asks. */
export type LogReading = Partial<SentMessagesRequest> & { limits?: Partial<SentMessagesLimits> };

/**
 * Reads a log over a client of its own, and asserts that the key and the address are nowhere in
 * what came of it.
 */
export async function readLogOf(url: string, { limits, ...changes }: LogReading = {}): Promise<SentMessages> {
  const api = createSmsMobileApi({ baseUrl: url, logLimits: { smallestPageRows: 1, ...limits } });
  try {
    const request = { apiKey: LOG_KEY, sinceMs: 0, ...changes };
    const log = await api.readSentMessages(request);
    const all = inspect(log, { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null });
    const { host } = new URL(url);
    for (const part of [
      request.apiKey,
      encodeURIComponent(request.apiKey),
      request.apiKey.slice(4, 12),
      host,
    ]) {
      assert.ok(!all.includes(part), `the reading holds ${part}: ${all}`);
    }
    return log;
  } finally {
    api.close();
  }
}

/** Asserts that a log was read, and returns its texts with what may be missing. */
export function textsOf(log: SentMessages): {
  texts: (string | undefined)[];
  incomplete: string | undefined;
} {
  assert.ok(log.kind === 'read', JSON.stringify(log));
  return { texts: log.rows.map(({ text }) => text), incomplete: log.incomplete };
}
