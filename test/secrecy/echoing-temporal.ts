import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/**
 * A server in Temporal's place that refuses every call, and repeats in its refusal all that it
 * received.
 */
export interface EchoingTemporal {
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Starts one; the namespace `status-7` is refused with gRPC status 7, every other with 13. */
export async function startEchoingTemporal(): Promise<EchoingTemporal> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => sessions.add(session.on('error', () => undefined)));
  server.on('stream', (stream, headers) => {
    const body: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (data: Buffer) => body.push(data));
    stream.on('end', () => {
      const status = /^status-(\d+)$/.exec(String(headers['temporal-namespace']))?.[1] ?? '13';
      const echo = `${JSON.stringify(headers)} ${Buffer.concat(body).toString('latin1')}`;
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': status,
          'grpc-message': encodeURIComponent(echo),
          'x-echo': encodeURIComponent(echo),
        },
        { endStream: true },
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      for (const session of sessions) session.destroy();
      await once(server, 'close');
    },
  };
}
