import { setTimeout as delay } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import type { ListName } from '../../tools/simulator/list-fault-catalog.js';
import type { SimulatorOptions } from '../../tools/simulator/simulator-options.js';

/** The key of the simulators under test. */
export const KEY = 'key-of-the-tests-0123456789';

/**
 * Starts a simulator for one `describe`, empties it before each test, and closes it after the last.
 */
export function useSimulator(options: SimulatorOptions = {}): () => Simulator {
  let simulator: Simulator | undefined;
  const current = () => {
    if (simulator === undefined) throw new Error('The simulator is not started yet.');
    return simulator;
  };
  before(async () => {
    simulator = await startSimulator({
      apiKeys: [{ key: KEY, label: 'tests' }],
      phoneDelayMs: 0,
      ...options,
    });
  });
  beforeEach(() => {
    current().reset();
  });
  after(async () => {
    await current().close();
  });
  return current;
}

/** Posts a send; a field set to undefined is left out. */
export function send(
  simulator: Simulator,
  fields: Record<string, string | undefined> = {},
  init: RequestInit = {},
): Promise<Response> {
  const all: Record<string, string | undefined> = {
    apikey: KEY,
    recipients: '+33639980001',
    message: 'Hello',
    ...fields,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = new URLSearchParams(given);
  return fetch(`${simulator.url}/sendsms/`, { method: 'POST', body, redirect: 'manual', ...init });
}

/** The reply to a send, as JSON. */
export interface SendReply {
  result: Record<string, unknown>;
  error?: unknown;
  message?: unknown;
}

/** Posts a send and reads the reply. */
export async function sendAndRead(
  simulator: Simulator,
  fields: Record<string, string | undefined> = {},
): Promise<{ status: number; body: SendReply }> {
  const response = await send(simulator, fields);
  return { status: response.status, body: (await response.json()) as SendReply };
}

/** A reply of the list of sent messages. */
export interface LogReply {
  result: { error: unknown; sms: Record<string, string>[] };
}

/** Asks the list of sent messages. */
export function askLog(simulator: Simulator, query: Record<string, string> = {}, init?: RequestInit) {
  const search = new URLSearchParams({ apikey: KEY, ...query }).toString();
  return fetch(`${simulator.url}/log/sent/sms/?${search}`, init);
}

/** The rows of the list of sent messages. */
export async function readLog(simulator: Simulator, query: Record<string, string> = {}) {
  const reply = (await (await askLog(simulator, query)).json()) as LogReply;
  return reply.result.sms;
}

/** Where each list is. */
export const LIST_PATHS = {
  log: '/log/sent/sms/',
  inbox: '/getsms/',
  typed: '/log/sent/frommobile/',
  phones: '/gateway/mobile/list/',
} as const satisfies Record<ListName, string>;

/** Asks for a list. */
export function askList(
  simulator: Simulator,
  list: ListName,
  query: Record<string, string> = {},
  init?: RequestInit,
) {
  const search = new URLSearchParams({ apikey: KEY, ...query }).toString();
  return fetch(`${simulator.url}${LIST_PATHS[list]}?${search}`, init);
}

/** The rows of a list, under whichever of its names. */
export async function readList(simulator: Simulator, list: ListName, query: Record<string, string> = {}) {
  const { result } = (await (await askList(simulator, list, query)).json()) as {
    result: Record<string, Record<string, unknown>[]>;
  };
  const rows = result['sms'] ?? result['mobiles'] ?? result['mobile'];
  if (!Array.isArray(rows)) throw new TypeError('The reply holds no list.');
  return rows;
}

/** Asks a control endpoint with a JSON body. */
export function control(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${simulator.url}/_control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Waits until a condition holds; fails after 10 s with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Timed out, waiting for: ${what}`);
    await delay(10);
  }
}

/** The code of the network error behind a failed fetch. */
export async function networkErrorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause ?? error);
  }
  return 'none';
}
