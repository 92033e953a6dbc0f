import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../tools/servers/free-port.js';

/** A network between two parts, which can be cut and frozen. */
export interface TcpProxy {
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  /** How many pieces of data and ends a freeze holds back now. */
  readonly heldBack: () => number;
  /** Resets every connection, and refuses new ones. */
  cut(): Promise<void>;
  /**
   * Takes connections, but passes nothing on, neither data nor ends; `replies` freezes only what
   * comes back.
   */
  freeze(what?: 'both' | 'replies'): void;
  /** As at the start; what was held back by a freeze is passed on now. */
  restore(): Promise<void>;
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Starts a proxy on loopback that passes everything on to this port of loopback. */
export async function startTcpProxy(target: { port: number }): Promise<TcpProxy> {
  // Below the ports that the system gives to outgoing connections: one of these could take it while
  // the proxy is cut.
  const port = await freePort();
  const pairs = new Set<Pair>();
  const isFrozen = { client: false, server: false };
  let held: (() => void)[] = [];
  let listening: Server | undefined;

  function accept(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: target.port, allowHalfOpen: true });
    const pair = { client, server };
    pairs.add(pair);
    pump(pair, 'client', 'server');
    pump(pair, 'server', 'client');
  }

  function pump(pair: Pair, from: keyof Pair, to: keyof Pair): void {
    const [source, sink] = [pair[from], pair[to]];
    const unlessFrozen = (pass: () => void) => {
      if (isFrozen[from]) held.push(pass);
      else pass();
    };
    source.on('data', (data: Buffer) => {
      unlessFrozen(() => {
        if (!sink.write(data)) source.pause();
      });
    });
    sink.on('drain', () => source.resume());
    source.on('end', () => {
      unlessFrozen(() => sink.end());
    });
    source.on('error', () => undefined);
    source.on('close', () => {
      pairs.delete(pair);
      unlessFrozen(() => {
        if (!sink.writableEnded) sink.destroy();
      });
    });
  }

  function thaw(): void {
    Object.assign(isFrozen, { client: false, server: false });
    const passings = held;
    held = [];
    for (const pass of passings) pass();
  }

  async function listen(): Promise<void> {
    listening = createServer({ allowHalfOpen: true }, accept).listen(port, '127.0.0.1');
    await once(listening, 'listening');
  }

  async function cut(): Promise<void> {
    held = [];
    const ended = listening === undefined ? undefined : once(listening, 'close');
    listening?.close();
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    await ended;
    listening = undefined;
  }

  await listen();
  return {
    port,
    address: `127.0.0.1:${port}`,
    heldBack: () => held.length,
    cut,
    freeze(what = 'both') {
      isFrozen.server = true;
      isFrozen.client = what === 'both';
    },
    async restore() {
      thaw();
      if (listening === undefined) await listen();
    },
    close: cut,
  };
}
