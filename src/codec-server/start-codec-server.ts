import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { CodecServerConfig } from './codec-server-config.js';
import { createCodecApp } from './create-codec-app.js';

/** A running codec server. */
export interface CodecServer {
  readonly port: number;
  /** Takes no more requests, and resolves when those in flight are answered, or were cut off. */
  readonly close: () => Promise<void>;
}

const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than proxies keep a connection (Caddy: 2 min): the side that closes first must not be
  // the side that is asked.
  keepAliveTimeout: 125_000,
};

/**
 * Starts the codec server; rejects with the system's error when it cannot listen at its address.
 *
 * @param options.drainMs how long `close` waits for requests in flight, 10 s by default
 */
export async function startCodecServer(
  config: CodecServerConfig,
  log: Logger,
  { drainMs = 10_000 }: { drainMs?: number } = {},
): Promise<CodecServer> {
  const server = createServer(TIMEOUTS, createCodecApp(config, log));
  server.on('request', (_request, response) => {
    response.once('close', () => {
      // Once the server is closing, Node would keep this connection for its keep-alive time.
      if (!server.listening)
        setImmediate(() => {
          server.closeIdleConnections();
        });
    });
  });
  const { hostname, port } = new URL(`http://${config.address}`);
  server.listen(Number(port === '' ? 80 : port), hostname.replaceAll(/[[\]]/g, ''));
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const cutOff = setTimeout(() => {
        server.closeAllConnections();
      }, drainMs);
      server.close();
      await once(server, 'close');
      clearTimeout(cutOff);
    },
  };
}
