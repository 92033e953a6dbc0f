import type { Payload } from '@temporalio/common';
import { isRecord } from '../domain/is-record.js';
import { HttpError } from './http-error.js';

/** A payload as Temporal's tools write it: proto3 JSON, bytes in base64. */
export interface PayloadJson {
  metadata?: Record<string, string>;
  data?: string;
}

/** A payload of a request: read, and as it came, with fields that only its writer knows. */
export interface ReceivedPayload {
  readonly payload: Payload;
  readonly json: object;
}

/** More than any history holds in one place; each costs a decryption. */
export const MAX_PAYLOADS = 10_000;

/**
 * The payloads of a request's body, `{"payloads": […]}`; fields that are missing or null are empty,
 * unknown ones are passed over.
 *
 * @throws HttpError 400, or 413 for more than {@link MAX_PAYLOADS}
 */
export function readPayloads(body: unknown): ReceivedPayload[] {
  if (!isRecord(body)) throw malformed('The body must be {"payloads": […]}.');
  const { payloads } = body as { payloads?: unknown };
  if (payloads === undefined || payloads === null) return [];
  if (!Array.isArray(payloads)) throw malformed('"payloads" must be an array.');
  if (payloads.length > MAX_PAYLOADS)
    throw new HttpError(413, 'too many payloads', `A request can contain at most ${MAX_PAYLOADS} payloads.`);
  return payloads.map((json: unknown, index) => {
    if (!isRecord(json)) throw malformed(`Payload ${index} must be an object.`);
    return { json, payload: readPayload(json, index) };
  });
}

/** A payload as JSON. */
export function writePayload({ metadata, data }: Payload): PayloadJson {
  return {
    ...(metadata == null ? {} : { metadata: mapValues(metadata, toBase64) }),
    ...(data == null ? {} : { data: toBase64(data) }),
  };
}

function readPayload(json: { metadata?: unknown; data?: unknown }, index: number): Payload {
  const read = (field: string) => (text: unknown) => {
    const bytes = text === null ? Buffer.alloc(0) : fromBase64(text);
    if (bytes === undefined) throw malformed(`Payload ${index}: ${field} must be base64.`);
    return bytes;
  };
  const { metadata, data } = json;
  if (metadata != null && !isRecord(metadata))
    throw malformed(`Payload ${index}: metadata must be an object.`);
  return {
    ...(metadata == null ? {} : { metadata: mapValues(metadata, read('metadata')) }),
    ...(data == null ? {} : { data: read('data')(data) }),
  };
}

/** As proto3 JSON has it: both alphabets, with padding or without. */
function fromBase64(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined;
  const [, digits, padding] = /^([A-Za-z0-9+/_-]*)(={0,2})$/.exec(text) ?? [];
  if (digits === undefined || digits.length % 4 === 1) return undefined;
  return padding === '' || text.length % 4 === 0 ? Buffer.from(digits, 'base64') : undefined;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function mapValues<T, U>(values: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function malformed(message: string): HttpError {
  return new HttpError(400, 'malformed body', message);
}
