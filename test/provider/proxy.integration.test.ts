import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { findNode, type NodeBinary } from '../../scripts/node-binary.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import type { SentMessages } from '../../src/domain/sent-messages.js';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';
import { startConnectProxy, TUNNELS, type ConnectProxy } from './connect-proxy.js';
import { SELF_SIGNED } from './self-signed.js';
import { ACCEPTED, assertOutcome, assertTellsNothing } from './provider-fixture.js';

// Read now, as the tests empty the environment.
const IS_REQUIRED = process.env['CI_NODE_VERSIONS'] === 'required';

interface Result {
  readonly outcome: SendOutcome;
  readonly log: SentMessages;
}

/** Counts POSTs, and answers as the provider does. */
function startProvider(create: (listener: RequestListener) => Server): {
  readonly server: Server;
  readonly posts: () => number;
} {
  let posts = 0;
  const server = create((request, reply) => {
    if (request.method === 'POST') posts++;
    request.resume().on('end', () => {
      reply.setHeader('content-type', 'application/json');
      reply.end(request.method === 'POST' ? ACCEPTED : '{"result":{"error":0,"sms":[]}}');
    });
  });
  server.listen(0, '127.0.0.1');
  return { server, posts: () => posts };
}

describe('behind an outbound HTTP proxy', () => {
  const https = startProvider((listener) => createHttpsServer(SELF_SIGNED, listener));
  const http = startProvider((listener) => createHttpServer(listener));
  let proxy: ConnectProxy;
  let certificate: string;

  before(async () => {
    proxy = await startConnectProxy();
    certificate = join(await makeDirectory('proxy'), 'certificate.pem');
    await writeFile(certificate, SELF_SIGNED.cert);
  });

  after(async () => {
    await proxy.close();
    for (const { server } of [https, http]) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  });

  /** Sends to each address in a process of its own. */
  async function sendAll(node: NodeBinary, proxyUrl: string, urls: readonly string[]): Promise<Result[]> {
    const { stdout } = await execa(
      node.path,
      ['--import', 'tsx', 'test/provider/send-behind-proxy.ts', ...urls],
      {
        cwd: ROOT,
        env: childEnvironment({
          NODE_USE_ENV_PROXY: '1',
          HTTPS_PROXY: proxyUrl,
          HTTP_PROXY: proxyUrl,
          NODE_EXTRA_CA_CERTS: certificate,
        }),
        extendEnv: false,
        timeout: 90_000,
        killSignal: 'SIGKILL',
      },
    );
    return JSON.parse(stdout) as Result[];
  }

  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  for (const major of [22, 24]) {
    describe(`of Node.js ${major}`, () => {
      let node: NodeBinary;

      before(async function () {
        this.timeout(360_000);
        try {
          node = await findNode(major);
        } catch (error) {
          if (IS_REQUIRED) throw error;
          process.stderr.write(`    skipped: ${error instanceof Error ? error.message : String(error)}\n`);
          this.skip();
        }
      });

      it('sends once through its tunnel, and reads the sent messages', async () => {
        const before = [https.posts(), http.posts()] as const;
        const urls = [`https://localhost:${portOf(https.server)}`, `http://localhost:${portOf(http.server)}`];
        const results = await sendAll(node, proxy.url, urls);
        for (const { outcome, log } of results) {
          assertOutcome(outcome, 'accepted');
          assert.equal(log.kind, 'read');
        }
        assert.deepEqual([https.posts() - before[0], http.posts() - before[1]], [1, 1]);
        for (const url of urls) assert.ok(proxy.asked.includes(Number(new URL(url).port)), url);
      });

      it('is proven not sent when the proxy opens no tunnel', async () => {
        const cases: [port: number, reason: RegExp][] = [
          [TUNNELS.refused502, /the proxy refused the connection: HTTP 502/],
          [TUNNELS.refused407, /the proxy refused the connection: HTTP 407/],
          [TUNNELS.refused403, /the proxy refused the connection: HTTP 403/],
          [TUNNELS.hungUp, /the connection failed: PROXY_HUNG_UP/],
        ];
        const all = cases.flatMap(([port, reason]) =>
          ['https', 'http'].map((scheme) => ({ url: `${scheme}://localhost:${port}`, reason })),
        );
        const before = proxy.asked.length;
        const urls = all.map(({ url }) => url);
        const results = await sendAll(node, proxy.url, urls);
        all.forEach(({ url, reason }, index) => {
          const { outcome, log } = results[index] ?? assert.fail();
          assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
          assert.ok('reason' in outcome && reason.test(outcome.reason), `${url}: ${JSON.stringify(outcome)}`);
          assertTellsNothing(outcome, url);
          assert.ok(log.kind === 'unreadable' && reason.test(log.reason), `${url}: ${JSON.stringify(log)}`);
        });
        const asked = proxy.asked.slice(before);
        assert.ok(asked.length <= 3 * 2 * urls.length, `the proxy was asked ${asked.length} times`);
      });

      it('is proven not sent when the tunnel is cut before the TLS handshake', async () => {
        const url = `https://localhost:${TUNNELS.cut}`;
        const [{ outcome } = assert.fail()] = await sendAll(node, proxy.url, [url]);
        assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
        assertTellsNothing(outcome, url);
      });

      it('is proven not sent when the proxy does not answer, and lets the process end', async () => {
        const url = `https://localhost:${TUNNELS.silent}`;
        const [{ outcome, log } = assert.fail()] = await sendAll(node, proxy.url, [url]);
        assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
        assertTellsNothing(outcome, url);
        assert.ok(log.kind === 'unreadable' && log.reason.includes('PROXY_HUNG_UP'), JSON.stringify(log));
      });

      it('is proven not sent when the proxy is unreachable', async () => {
        const gone = await startConnectProxy();
        await gone.close();
        const url = `https://localhost:${portOf(https.server)}`;
        const [{ outcome, log } = assert.fail()] = await sendAll(node, gone.url, [url]);
        assertOutcome(outcome, 'PROVIDER_UNAVAILABLE');
        assert.ok('reason' in outcome && outcome.reason.includes('ECONNREFUSED'), JSON.stringify(outcome));
        assert.equal(log.kind, 'unreadable');
      });
    });
  }
});
