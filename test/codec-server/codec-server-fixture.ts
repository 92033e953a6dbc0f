import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { CodecServerConfig } from '../../src/codec-server/codec-server-config.js';
import { writePayload, type PayloadJson } from '../../src/codec-server/payload-json.js';
import { startCodecServer } from '../../src/codec-server/start-codec-server.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createLog } from '../../src/observability/log.js';

/** The page that the tests' server serves. */
export const ORIGIN = 'https://temporal.example';

/** A text that must not be found where no content belongs. */
export const SECRET_TEXT = 'Bonjour-Z9Q';

/** Keys of this process. */
export const KEYS = parsePayloadKeys(
  `k2:${randomBytes(32).toString('hex')},k1:${randomBytes(32).toString('hex')}`,
);

/** A line of the audit log. */
export type AuditLine = Record<string, unknown>;

/** What a request got. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A codec server on a free port, with its log. */
export interface TestServer {
  readonly port: number;
  /** Everything that it logged, as text. */
  readonly log: () => string;
  /** Waits for as many lines of the audit log, and returns them. */
  readonly lines: (count: number) => Promise<AuditLine[]>;
  readonly ask: (method: string, path: string, options?: AskOptions) => Promise<Answer>;
  /** POST of payloads as JSON. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

interface AskOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Starts one with these changes to a configuration that lets everyone in. */
export async function startTestServer(
  changes: Partial<CodecServerConfig> = {},
  options: Parameters<typeof startCodecServer>[2] = {},
): Promise<TestServer> {
  let written = '';
  const destination = { write: (text: string) => void (written += text) };
  const config: CodecServerConfig = {
    address: '127.0.0.1:0',
    payloadKeys: KEYS,
    origins: [ORIGIN],
    access: { kind: 'open' },
    requestsPerMinute: 600,
    trustedProxies: [],
    ...changes,
  };
  const server = await startCodecServer(config, createLog({ level: 'info', destination }), options);
  const ask = (method: string, path: string, options: AskOptions = {}) =>
    send({ port: server.port, method, path, ...options });
  return {
    port: server.port,
    log: () => written,
    lines: (count) =>
      waitUntil(`${count} audit lines`, () => {
        const lines = written.trim().split('\n').filter(Boolean);
        return lines.length >= count && lines.map((line) => JSON.parse(line) as AuditLine);
      }),
    ask,
    post: (path, body, headers = {}) =>
      ask('POST', path, {
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    close: server.close,
  };
}

/** The payloads of an answer that must be 200. */
export function payloadsOf(answer: Answer): PayloadJson[] {
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { payloads: PayloadJson[] }).payloads;
}

/** A value as payload. */
export function plain(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

/** A value as encrypted payload, in JSON; under the first of these keys. */
export async function encrypted(value: unknown, keys = KEYS): Promise<PayloadJson> {
  const [payload] = await createPayloadCodec(keys).encode([plain(value)]);
  return writePayload(payload!);
}

/** The value in a payload's JSON. */
export function valueOf({ data = '' }: PayloadJson): unknown {
  return JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
}

/** A metadata value of a payload's JSON, as text. */
export function metadataOf({ metadata = {} }: PayloadJson, name: string): string | undefined {
  const value = metadata[name];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
}

/** fetch would add headers of its own and refuse others. */
function send(options: AskOptions & { port: number; method: string; path: string }): Promise<Answer> {
  const { port, method, path, headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { connection: 'close', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
