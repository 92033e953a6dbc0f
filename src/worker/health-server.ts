import { once } from 'node:events';
import { createServer } from 'node:http';
import { SmsError } from '../domain/errors.js';

/** What a probe reports on, by name; a check that throws counts as unhealthy. */
export type HealthChecks = Readonly<Record<string, () => unknown>>;

/** Why a check is not well, in words that a log may hold. */
export class NotWellError extends Error {
  override readonly name = 'NotWellError';
}

/** The checks that are not well, each with the reason. */
export type Failures = Readonly<Record<string, string>>;

/** A running health server. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Answers `GET /healthz` (is the process well?) and `GET /readyz` (can it send now?): 200 or 503,
 * with names only. `onLive` and `onReady` hear what each probe found, in the order in which the
 * probes began.
 */
export async function startHealthServer(options: {
  /** `host:port`. */
  address: string;
  live: HealthChecks;
  ready: HealthChecks;
  onLive?: (failures: Failures) => void;
  onReady?: (failures: Failures) => void;
}): Promise<HealthServer> {
  const probes: Readonly<Record<string, () => Promise<Failures>>> = {
    '/healthz': createProbe(options.live, options.onLive),
    '/readyz': createProbe(options.ready, options.onReady),
  };
  const server = createServer((request, response) => {
    const probe = Object.hasOwn(probes, request.url ?? '') ? probes[request.url ?? ''] : undefined;
    if (probe === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    void probe().then((failures) => {
      const failed = Object.keys(failures);
      response.writeHead(failed.length === 0 ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok: failed.length === 0, failed }));
    });
  });
  const { hostname, port } = new URL(`http://${options.address}`);
  server.listen(Number(port === '' ? 80 : port), hostname.replaceAll(/[[\]]/g, ''));
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const CHECK_TIMEOUT_MS = 5_000;

/** A probe reports what it found, unless a later one has reported before it. */
function createProbe(checks: HealthChecks, report?: (failures: Failures) => void): () => Promise<Failures> {
  let begun = 0;
  let reported = 0;
  return async () => {
    const turn = ++begun;
    const failures = await runChecks(checks);
    if (turn > reported) {
      reported = turn;
      report?.(failures);
    }
    return failures;
  };
}

async function runChecks(checks: HealthChecks): Promise<Failures> {
  const verdicts = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const reason = await reasonAgainst(check);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
  );
  return Object.fromEntries(verdicts.flat());
}

/** Why a check is not well; undefined if it is. */
async function reasonAgainst(check: () => unknown): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new NotWellError(`no answer within ${CHECK_TIMEOUT_MS / 1000} s`));
    }, CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(check), timeout]);
    return undefined;
  } catch (error) {
    // What others say may quote an address, a query or a header.
    const isOurs = error instanceof NotWellError || error instanceof SmsError;
    return isOurs ? error.message : 'unexpected error';
  } finally {
    clearTimeout(timer);
  }
}
