import { once } from 'node:events';
import { createServer } from 'node:http';

/** What a probe reports on, by name; a check that throws counts as unhealthy. */
export type HealthChecks = Readonly<Record<string, () => unknown>>;

/** A running health server. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Answers `GET /healthz` (is the process well?) and `GET /readyz` (can it send now?): 200 or 503,
 * with names only.
 */
export async function startHealthServer(options: {
  /** `host:port`. */
  address: string;
  live: HealthChecks;
  ready: HealthChecks;
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const checks = { '/healthz': options.live, '/readyz': options.ready }[request.url ?? ''];
    if (checks === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    void runChecks(checks).then((failed) => {
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

/** The names of the checks that are not well. */
async function runChecks(checks: HealthChecks): Promise<string[]> {
  const verdicts = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error('timed out'));
        }, CHECK_TIMEOUT_MS);
      });
      try {
        await Promise.race([Promise.resolve().then(check), timeout]);
        return undefined;
      } catch {
        return name;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return verdicts.filter((name) => name !== undefined);
}
