import type { IncomingHttpHeaders } from 'node:http';
import type { ChangeBus } from './change-bus.js';
import type { SimulatorAccount } from './simulator-options.js';

/** A request that arrived, with every API key replaced by its label. */
export interface SimulatorRequest {
  /** Counts from 1 since the start or the last reset. */
  readonly sequence: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  /**
   * `accepted` or `read`, the kind of a fault, the status of a refusal, or `reading` while the body
   * is not there yet.
   */
  readonly outcome: string;
  /** A fault's message was taken. */
  readonly recorded: boolean;
}

/** What replaces a key that the simulator does not know. */
const UNKNOWN_KEY_LABEL = '(unknown key)';

const KEPT = 10_000;

/** Keeps the last 10,000 requests, and counts them all. */
export function createRequestLog(deps: {
  bus: ChangeBus;
  now: () => number;
  accounts: readonly SimulatorAccount[];
}) {
  let requests: SimulatorRequest[] = [];
  let count = 0;

  function mask(text: string, unknownKey: string): string {
    let masked = text;
    for (const { key, label } of deps.accounts) masked = masked.replaceAll(key, `(key ${label})`);
    return unknownKey.length > 5 ? masked.replaceAll(unknownKey, UNKNOWN_KEY_LABEL) : masked;
  }

  return {
    /** Notes a request, and returns how to complete it when more is known. */
    arrive(request: { method: string; path: string; headers: IncomingHttpHeaders }) {
      count += 1;
      let entry: SimulatorRequest = {
        sequence: count,
        at: new Date(deps.now()).toISOString(),
        method: request.method,
        path: request.path,
        headers: mapValues(request.headers, (value) => mask(String(value), '')),
        fields: {},
        outcome: 'reading',
        recorded: false,
      };
      requests.push(entry);
      if (requests.length > KEPT) requests = requests.slice(-KEPT);
      return (more: { fields?: Record<string, string>; outcome: string; recorded?: boolean }) => {
        const { apikey = '', ...others } = more.fields ?? {};
        const known = deps.accounts.find(({ key }) => key === apikey);
        const completed: SimulatorRequest = {
          ...entry,
          headers: mapValues(entry.headers, (value) => mask(value, known ? '' : apikey)),
          fields: {
            ...(more.fields?.['apikey'] !== undefined && { apikey: known?.label ?? UNKNOWN_KEY_LABEL }),
            ...mapValues(others, (value) => mask(value, known ? '' : apikey)),
          },
          outcome: more.outcome,
          recorded: more.recorded ?? false,
        };
        const index = requests.lastIndexOf(entry);
        if (index !== -1) requests[index] = completed;
        entry = completed;
        deps.bus.emit('change');
      };
    },
    list: () => requests,
    count: (): number => count,
    clear(): void {
      requests = [];
      count = 0;
      deps.bus.emit('change');
    },
  };
}

/** The requests that arrived. */
export type RequestLog = ReturnType<typeof createRequestLog>;

function mapValues<T>(values: Record<string, T>, map: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
