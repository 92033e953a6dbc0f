import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type ConnectionOptions } from 'node:tls';
import { omitUndefined } from '../domain/omit-undefined.js';
import type { DatabaseHost } from './address/read-address.js';
import type { TlsSettings } from './address/tls-settings.js';

/** An error of connecting, by its code; `database-errors.ts` has the words. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';

  constructor(readonly code: 'CONNECT_TIMEOUT' | 'TLS_NOT_OFFERED' | 'TLS_UNCLEAR') {
    super(code);
  }
}

/** The message SSLRequest (PostgreSQL documentation, "Message Formats"). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Connects to a server, and secures the connection as `tls` says.
 *
 * The driver is not left to do it: it would verify no IP address, know one host only, and take the
 * wish of TLS for a possible one.
 *
 * @throws ConnectError, or the error of the system or of TLS, with its code
 */
export async function openSocket(host: DatabaseHost, tls: TlsSettings, signal: AbortSignal): Promise<Socket> {
  if ('path' in host) return connected(connect(host.path), 'connect', signal);
  const open = () => connected(connect({ host: host.address, port: host.port }), 'connect', signal);
  const socket = await open();
  if (tls.use === 'never') return socket;
  try {
    if (tls.direct || (await offersTls(socket, signal))) return await secure(socket, host, tls, signal);
    if (tls.use === 'always') throw new ConnectError('TLS_NOT_OFFERED');
    return socket;
  } catch (error) {
    socket.destroy();
    // As libpq does, a server whose TLS does not work is asked without, if that will do.
    if (tls.use === 'always' || signal.aborted) throw error;
    return open();
  }
}

async function offersTls(socket: Socket, signal: AbortSignal): Promise<boolean> {
  const answer = once(socket, 'data', { signal });
  const closed = once(socket, 'close', { signal }).then(() => {
    throw Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' });
  });
  closed.catch(() => undefined);
  socket.write(SSL_REQUEST);
  const [data] = (await Promise.race([answer, closed])) as [Buffer];
  // More than the one letter may be somebody else's words in front of what the server will say
  // (CVE-2021-23222).
  if (data.length !== 1 || !'SN'.includes(String(data))) throw new ConnectError('TLS_UNCLEAR');
  return String(data) === 'S';
}

async function secure(
  socket: Socket,
  host: Extract<DatabaseHost, { name: string }>,
  tls: TlsSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const options: ConnectionOptions = {
    socket,
    // Never left to NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: tls.verify !== 'nothing',
    // Node would compare with localhost where the host is an IP address.
    checkServerIdentity: (_, certificate) =>
      tls.verify === 'host' ? checkServerIdentity(host.name, certificate) : undefined,
    ...(tls.serverName && isIP(host.name) === 0 ? { servername: host.name } : {}),
    ...(tls.direct ? { ALPNProtocols: ['postgresql'] } : {}),
    ...omitUndefined({
      ca: tls.ca === undefined ? undefined : [...tls.ca],
      crl: tls.crl,
      cert: tls.cert,
      key: tls.key,
      passphrase: tls.passphrase,
      minVersion: tls.minVersion,
      maxVersion: tls.maxVersion,
    }),
  };
  return connected(connectTls(options), 'secureConnect', signal);
}

/** The socket once it is connected; destroyed if that fails, or takes too long. */
async function connected<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    // Destroying the socket may emit another error, which has no other listener by now.
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}
