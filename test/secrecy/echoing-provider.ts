import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** The secrets of a request, whole and in every form that a reply may repeat it in. */
export interface Told {
  readonly apiKey: string;
  readonly number: string;
  readonly text: string;
  /** Which message was asked for, if one was. */
  readonly messageId: string;
  /** A sentence that repeats all of it, in clear and encoded. */
  readonly all: string;
}

/** A reply; `raw` is written to the connection in the place of one. */
export interface Echo {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly raw?: string;
}

/** When and how the provider answers in the simulator's place. */
export interface EchoRule {
  readonly echo: (told: Told) => Echo;
  /** For so many requests; all unless given. */
  readonly times?: number;
  /** The simulator gets the request all the same. */
  readonly taken?: boolean;
}

/**
 * A provider in front of the simulator that repeats in its replies what it received: no reply of
 * the simulator does.
 */
export interface EchoingProvider {
  readonly url: string;
  readonly answerSends: (number: string, rule: EchoRule) => void;
  readonly answerLog: (apiKey: string, rule: EchoRule) => void;
  readonly close: () => Promise<void>;
}

/** Starts one; what it has no rule for, the simulator answers. */
export async function startEchoingProvider({
  simulatorUrl,
}: {
  simulatorUrl: string;
}): Promise<EchoingProvider> {
  const rules = new Map<string, { rule: EchoRule; left: number }>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway');
    const fields = request.method === 'POST' ? new URLSearchParams(body) : searchParams;
    const found = rules.get(keyOf(pathname, fields));
    const isDue = found !== undefined && found.left-- > 0;
    if (!isDue || found.rule.taken === true) {
      const reply = await fetch(new URL(request.url ?? '/', simulatorUrl), {
        method: request.method ?? 'GET',
        ...(request.method === 'POST'
          ? { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
          : {}),
      });
      const text = await reply.text();
      if (!isDue) {
        response
          .writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' })
          .end(text);
        return;
      }
    }
    const {
      raw,
      status = 200,
      statusText,
      headers = {},
      body: text = '',
    } = found.rule.echo(readTold(fields));
    if (raw === undefined) response.writeHead(status, statusText, headers).end(text);
    else response.socket?.end(raw);
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const add = (key: string, rule: EchoRule) =>
    void rules.set(key, { rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerSends: (number, rule) => {
      add(`send ${number}`, rule);
    },
    answerLog: (apiKey, rule) => {
      add(`log ${apiKey}`, rule);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function keyOf(pathname: string, fields: URLSearchParams): string {
  return pathname.startsWith('/sendsms')
    ? `send ${fields.get('recipients') ?? ''}`
    : `log ${fields.get('apikey') ?? ''}`;
}

/**
 * The list of sent messages does not receive number and text: it repeats the key in their place.
 */
function readTold(fields: URLSearchParams): Told {
  const apiKey = fields.get('apikey') ?? '';
  const number = fields.get('recipients') ?? apiKey;
  const text = fields.get('message') ?? apiKey;
  const whole = `${apiKey} may not send ${text} to ${number}`;
  const encoded = (['base64', 'base64url', 'hex'] as const).map((as) => Buffer.from(whole).toString(as));
  return {
    apiKey,
    number,
    text,
    messageId: fields.get('guid_message') ?? '',
    all: [whole, encodeURIComponent(whole), fields.toString(), ...encoded, text.toUpperCase()].join(' '),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
