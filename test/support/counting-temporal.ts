import { once } from 'node:events';
import { connect, createServer, type ClientHttp2Session, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Temporal behind a counter of the calls that a client makes. */
export interface CountingTemporal {
  readonly address: string;
  /** How many calls were made. */
  readonly total: () => number;
  /** The methods of those that are under way. */
  readonly underWay: () => string[];
  readonly close: () => Promise<void>;
}

/** Passes all calls on to the server at `address`. */
export async function startCountingTemporal(address: string): Promise<CountingTemporal> {
  const sessions = new Set<ClientHttp2Session | ServerHttp2Session>();
  const upstream = connect(`http://${address}`).on('error', () => undefined);
  sessions.add(upstream);
  const open = new Map<object, string>();
  let total = 0;
  const server = createServer();
  server.on('session', (session) => sessions.add(session.on('error', () => undefined)));
  server.on('stream', (stream, headers) => {
    total++;
    open.set(stream, String(headers[':path']).split('/').at(-1) ?? '');
    stream.on('error', () => undefined);
    const call = upstream.request({ ...headers, ':authority': address }).on('error', () => undefined);
    let trailers = {};
    call.on('response', (answer, flags) => {
      if (stream.destroyed) return;
      // An error has headers only.
      const isLast = (flags & 1) === 1;
      stream.respond(answer, isLast ? { endStream: true } : { waitForTrailers: true });
      if (!isLast) call.pipe(stream);
    });
    call.on('trailers', (received: object) => {
      trailers = received;
    });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    stream.on('close', () => {
      open.delete(stream);
      call.close();
    });
    stream.pipe(call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    total: () => total,
    underWay: () => [...open.values()],
    async close() {
      server.close();
      for (const session of sessions) session.destroy();
      await once(server, 'close');
    },
  };
}
