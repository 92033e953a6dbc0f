import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * Ports that nothing listens at: a client that asks the proxy for one gets this instead of a
 * tunnel.
 */
export const TUNNELS = {
  refused502: 1502,
  refused407: 1407,
  refused403: 1403,
  hungUp: 1001,
  cut: 1002,
  silent: 1003,
};

/** An outbound HTTP proxy that tunnels to loopback. */
export interface ConnectProxy {
  readonly url: string;
  /** The ports that tunnels were asked for. */
  readonly asked: readonly number[];
  readonly close: () => Promise<void>;
}

/** Starts one. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, reply) => {
    reply.writeHead(405).end();
  });
  server.on('connect', ({ url = '' }, socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    const port = Number(url.split(':')[1]);
    asked.push(port);
    const status = port < 2000 ? port - 1000 : 0;
    if (status > 400) socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
    else if (port === TUNNELS.hungUp) socket.destroy();
    else if (port === TUNNELS.cut) socket.end('HTTP/1.1 200 OK\r\n\r\n');
    else if (port !== TUNNELS.silent) openTunnel(socket, port);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function openTunnel(socket: Socket, port: number): void {
  const target = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    target.pipe(socket).pipe(target);
  });
  target.on('error', () => socket.destroy());
  socket.on('close', () => target.destroy());
}
