import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { addAccount } from '../../tools/dev/demo-account.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { askOnce } from './database-fixture.js';

describe('a new connection to PostgreSQL', () => {
  let url: string;
  let id: string;
  before(async () => {
    url = await createWebAppDatabase();
    id = await addAccount(url, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
  });

  it('queries only the account, as losing a query of the driver’s own would crash the process', async () => {
    const listener = await listenIn(Number(new URL(url).port));
    try {
      const through = new URL(url);
      through.port = String(listener.port);
      assert.ok(await askOnce(through.href, id));
      assert.match(listener.heard(), /select "sms_api_key" from "accounts"/);
      assert.doesNotMatch(listener.heard(), /pg_type|pg_catalog/);
    } finally {
      await listener.close();
    }
  });
});

/** Passes connections on to this port of loopback, and keeps what the client says. */
async function listenIn(targetPort: number) {
  let heard = '';
  const sockets: Socket[] = [];
  const server: Server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port: targetPort });
    sockets.push(client, target);
    for (const socket of [client, target]) socket.on('error', () => undefined);
    client.on('data', (data) => (heard += data.toString('latin1')));
    client.pipe(target).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => heard,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
