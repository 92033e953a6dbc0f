import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createSmsClient } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SELF_SIGNED } from '../provider/self-signed.js';

describe('a client with NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  let server: Http2SecureServer;
  let refused = 0;
  let requests = 0;
  before(async () => {
    server = createSecureServer(SELF_SIGNED, (_, response) => {
      requests++;
      response.stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' },
        { endStream: true },
      );
    });
    server.on('tlsClientError', () => refused++);
    server.on('sessionError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  });
  after(() => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    server.close();
  });

  function clientWith(serverRootCACertificate?: Buffer) {
    const { port } = server.address() as AddressInfo;
    const tls = serverRootCACertificate === undefined ? true : { serverRootCACertificate };
    return createSmsClient({
      connection: { address: `localhost:${port}`, apiKey: 'key-of-temporal', tls },
      payloadKeys: 'off',
    });
  }

  it('sends nothing to a server with an untrusted certificate', async () => {
    const client = clientWith();
    const counted = client.count().catch((error: unknown) => error);
    await waitUntil('the client to hang up', () => refused > 0);
    await client.close();
    assert.ok((await counted) instanceof Error);
    assert.equal(requests, 0);
  });

  it('connects to a server whose authority it trusts', async () => {
    const client = clientWith(Buffer.from(SELF_SIGNED.cert));
    const counted = client.count().catch((error: unknown) => error);
    await waitUntil('a request', () => requests > 0);
    await client.close();
    await counted;
  });
});
