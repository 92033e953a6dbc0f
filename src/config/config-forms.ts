import { z } from 'zod';
import { readAddress } from '../db/address/read-address.js';
import { AddressError } from '../db/address/split-address.js';
import { isVisible, isWellFormed } from '../domain/message-text.js';
import { countSegments } from '../domain/segments.js';
import { HEX_KEY_FORM, isHexKey } from '../encryption/secret-key.js';

// The forms of the variables in `src/config.ts`: each problem names the form that is wanted, never
// the value.

/** The address of an OTLP/HTTP collector. */
export const tracesEndpoint = z
  .string()
  .refine(
    (text) => isUrl(text, ['https:', 'http:']),
    'must be the http or https URL of an OTLP/HTTP collector, such as http://localhost:4318',
  )
  .optional();

const MAX_HELD_INTERVAL_MS = 60 * 60 * 1000;

/** Milliseconds between two looks at what the gauges show. */
export const heldIntervalMs = z
  .string()
  .refine(isHeldInterval, `must be a number of milliseconds from 1000 to ${MAX_HELD_INTERVAL_MS}`)
  .transform(Number)
  .default(30_000);

/** The levels of the log, least first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A key of 32 bytes in hexadecimal. */
export const hexKey = z.string(`required: ${HEX_KEY_FORM}`).refine(isHexKey, `must be ${HEX_KEY_FORM}`);

/** The address of a PostgreSQL database; every problem of it is one of the variable. */
export const postgresUrl = z
  .string('required: postgres://user:password@host:port/database')
  .superRefine((text, context) => {
    for (const message of problemsOfAddress(text)) context.addIssue({ code: 'custom', message });
  });

/** The text that confirms an opt-out: one message; empty for none. */
export const optOutReply = z
  .string()
  .refine(
    (text) => isWellFormed(text) && countSegments(text).segments <= 3,
    'must be a text of at most 3 segments, or empty for none',
  )
  .transform((text) => (isVisible(text) ? text : undefined))
  .optional();

/** The provider's base address. */
export const providerUrl = z
  .string()
  .refine(
    isProviderUrl,
    'must be an https URL without user, password, query or fragment (http only on loopback)',
  )
  .default('https://api.smsmobileapi.com');

/** `host:port` to listen at. */
export const listenAddress = z.string().refine(isListenAddress, 'must be host:port').optional();

/**
 * Both this and the build id become part of ids on the server, which reserves a leading `__`; a
 * name takes no `.` and no `:`.
 */
export const deploymentName = z
  .string()
  .regex(
    /^(?!__)[A-Za-z0-9_-]{1,128}$/,
    'must be 1 to 128 letters, digits, _ or -, and must not begin with __',
  )
  .optional();

/** One state of the code, such as a commit. */
export const buildId = z
  .string()
  .regex(
    /^(?!__)[A-Za-z0-9._-]{1,128}$/,
    'must be 1 to 128 letters, digits, ., _ or -, and must not begin with __',
  )
  .optional();

function isListenAddress(text: string): boolean {
  const [, port] = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) <= 65_535;
}

function isHeldInterval(text: string): boolean {
  return /^\d{4,7}$/.test(text) && Number(text) >= 1_000 && Number(text) <= MAX_HELD_INTERVAL_MS;
}

function problemsOfAddress(text: string): readonly string[] {
  try {
    readAddress(text);
    return [];
  } catch (error) {
    if (error instanceof AddressError) return error.problems;
    throw error;
  }
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

function isProviderUrl(text: string): boolean {
  if (!isUrl(text, ['https:', 'http:'])) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username + password + search + hash !== '') return false;
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
