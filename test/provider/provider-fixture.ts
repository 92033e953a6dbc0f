import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { createSmsMobileApi, type SmsMobileApiLimits } from '../../src/provider/sms-mobile-api.js';
import type { SendRequest } from '../../src/domain/send-request.js';

/** A request whose key, number and text can be found again wherever they get to. */
export const REQUEST: SendRequest = {
  apiKey: 'k3y-4f7a0c9e2b',
  recipientPhone: '+33639981234',
  message: 'Bonjour-Z9Q',
};

/** An accepted reply, as the provider writes it. */
export const ACCEPTED = JSON.stringify({ result: { error: 0, sent: '1', id: 'a'.repeat(40) } });

/** A whole HTTP reply, as it goes over the wire. */
export function httpReply(body: string, status = '200 OK', headers: readonly string[] = []): string {
  return [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** A TCP server that notes what comes, byte by byte. */
export interface RawServer {
  readonly url: string;
  readonly port: number;
  readonly sockets: Socket[];
  /** How many connections are gone. */
  readonly closed: () => number;
  /** Everything that arrived, over all connections. */
  readonly received: () => string;
  readonly close: () => Promise<void>;
}

/** Starts one; `onRequest` is called once per connection, when the whole request is there. */
export async function startRawServer(
  on: { connection?: (socket: Socket) => void; request?: (socket: Socket) => void } = {},
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const chunks: Buffer[] = [];
  let closed = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    let text = '';
    let answered = false;
    socket.on('error', () => undefined);
    socket.on('close', () => closed++);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      text += chunk.toString('latin1');
      if (answered || !isWhole(text)) return;
      answered = true;
      on.request?.(socket);
    });
    on.connection?.(socket);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    sockets,
    closed: () => closed,
    received: () => Buffer.concat(chunks).toString('utf8'),
    close: () => closeServer(server, sockets),
  };
}

/** Whether a request's head and body have arrived. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return end >= 0 && text.length >= end + 4 + length;
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export async function closeServer(server: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** Sends one SMS over its own client, and asserts that the outcome exposes nothing. */
export async function sendTo(
  url: string,
  { limits, ...changes }: Partial<SendRequest> & { limits?: Partial<SmsMobileApiLimits> } = {},
): Promise<SendOutcome> {
  const api = createSmsMobileApi({ baseUrl: url, ...(limits === undefined ? {} : { limits }) });
  try {
    const outcome = await api.send({ ...REQUEST, ...changes });
    assertTellsNothing(outcome, url);
    return outcome;
  } finally {
    api.close();
  }
}

/** Neither key, number, text nor address are anywhere in an outcome. */
export function assertTellsNothing(outcome: SendOutcome, url: string): void {
  const all = inspect(outcome, { depth: null, showHidden: true });
  const { host } = new URL(url);
  for (const part of [REQUEST.apiKey, REQUEST.recipientPhone.slice(1), REQUEST.message, host]) {
    assert.ok(!all.includes(part), `the outcome holds ${part}: ${all}`);
  }
}

/** Asserts kind and, where there is one, code. */
export function assertOutcome(
  outcome: SendOutcome,
  expected:
    | 'accepted'
    | 'unknown'
    | 'API_KEY_INVALID'
    | 'MESSAGE_SEND_FAILED'
    | 'PROVIDER_UNAVAILABLE'
    | 'RATE_LIMITED',
): void {
  assert.equal('code' in outcome ? outcome.code : outcome.kind, expected, JSON.stringify(outcome));
}
