import { once } from 'node:events';
import { connect, createServer, type ClientHttp2Session, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Temporal as a client sees it that may not use the operator service. */
export interface DenyingTemporal {
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** gRPC status PERMISSION_DENIED. */
const DENIED = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '7' };

/**
 * Passes all calls on to the server at `address`, except calls of the operator service, which it
 * denies as Temporal Cloud does.
 */
export async function startDenyingTemporal(address: string): Promise<DenyingTemporal> {
  const sessions = new Set<ClientHttp2Session | ServerHttp2Session>();
  const upstream = connect(`http://${address}`).on('error', () => undefined);
  sessions.add(upstream);
  const server = createServer();
  server.on('session', (session) => sessions.add(session.on('error', () => undefined)));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (String(headers[':path']).includes('OperatorService')) {
      stream.respond(DENIED, { endStream: true });
      return;
    }
    const call = upstream.request({ ...headers, ':authority': address }).on('error', () => undefined);
    call.on('response', (answer) => {
      stream.respond(answer, { waitForTrailers: true });
      call.pipe(stream);
    });
    let trailers = {};
    call.on('trailers', (received: object) => {
      trailers = received;
    });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    stream.on('close', () => {
      call.close();
    });
    stream.pipe(call);
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
