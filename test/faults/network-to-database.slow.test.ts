import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertEachSentOnce, startSend, waitsForDatabase } from '../support/started-sends.js';

describe('a broken network between worker and PostgreSQL', () => {
  let proxy: TcpProxy;
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({
      route: {
        database: async (url) => {
          const routed = new URL(url);
          proxy = await startTcpProxy({ port: Number(routed.port) });
          routed.port = String(proxy.port);
          return routed.href;
        },
      },
    });
  });
  after(async () => {
    await proxy.restore();
    await fixture.close();
    await proxy.close();
  });

  for (const trouble of ['freeze', 'cut'] as const) {
    it(`sends once the network is back after a ${trouble}`, async () => {
      // Leaves a connection in the pool.
      await assertEachSentOnce(fixture, [await startSend(fixture)]);
      await proxy[trouble]();
      const sends = [await startSend(fixture), await startSend(fixture)];
      for (const send of sends) await waitsForDatabase(fixture, send);
      await proxy.restore();
      await assertEachSentOnce(fixture, sends);
    });
  }
});
