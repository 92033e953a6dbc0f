import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startDemo, startTrap } from '../support/demo.js';
import { makeDirectory } from '../support/scratch.js';

const XDG_CACHE_HOME = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

describe('demo', function () {
  this.timeout('6 minutes');
  it('sends one SMS with its own servers, regardless of the environment, and leaves nothing behind', async () => {
    const trap = await startTrap();
    const address = `127.0.0.1:${trap.port}`;
    const home = await makeDirectory('home');
    await mkdir(join(home, '.config', 'temporalio'), { recursive: true });
    const profile = join(home, '.config', 'temporalio', 'temporal.toml');
    await writeFile(
      profile,
      `[profile.default]\naddress = "${address}"\n\n[profile.prod]\naddress = "${address}"\n`,
    );
    try {
      const demo = await startDemo({
        env: {
          HOME: home,
          XDG_CACHE_HOME,
          DATABASE_URL: `postgres://user:secret@${address}/web_app`,
          PGHOST: '127.0.0.1',
          PGPORT: String(trap.port),
          PGUSER: 'user',
          PGPASSWORD: 'secret',
          PGSSLMODE: 'require',
          TEMPORAL_ADDRESS: address,
          TEMPORAL_NAMESPACE: 'prod',
          TEMPORAL_API_KEY: 'secret',
          TEMPORAL_CONFIG_FILE: profile,
          TEMPORAL_PROFILE: 'prod',
          TEMPORAL_TLS: 'true',
          SMSMOBILEAPI_URL: `http://${address}`,
          SMS_TASK_QUEUE: 'prod',
          SMS_PAYLOAD_KEYS: 'prod:secret',
          SMS_API_KEY_ENCRYPTION_KEY: 'secret',
          METRICS_ADDRESS: address,
          HEALTH_ADDRESS: address,
          HTTP_PROXY: `http://${address}`,
          HTTPS_PROXY: `http://${address}`,
          ALL_PROXY: `http://${address}`,
          http_proxy: `http://${address}`,
          https_proxy: `http://${address}`,
          grpc_proxy: `http://${address}`,
          NODE_USE_ENV_PROXY: '1',
          NO_PROXY: '',
          no_proxy: '',
          NODE_EXTRA_CA_CERTS: join(home, 'none.pem'),
        },
      });
      assert.equal(await demo.process.ended, 0, demo.output());
      const output = demo.output();
      assert.match(output, /The phone received\n +to +\+33639980042\n +text +Bonjour, votre annonce/);
      const result = /^ +result +(\{.*\})$/m.exec(output)?.[1] ?? '';
      const { success, messageId } = JSON.parse(result) as Record<string, unknown>;
      assert.equal(success, true);
      assert.match(String(messageId), /^[0-9a-f]{40}$/);
      const memo = /^ +memo +(\{.*\})$/m.exec(output)?.[1] ?? '';
      const { accountId, ...ids } = JSON.parse(memo) as Record<string, string>;
      assert.deepEqual(ids, { huntId: 'hunt-7', adId: 'ad-1234', leadId: 'lead-42' });
      assert.match(
        output,
        /^ +activities +loadEncryptedApiKey \(local\) → decryptApiKey \(local\) → sendSms$/m,
      );
      assert.match(
        output,
        new RegExp(
          `Web UI +http://127\\.0\\.0\\.1:\\d+/namespaces/default/workflows/sms-${accountId ?? ''}-lead-42`,
        ),
      );
      assert.ok(demo.processCount() >= 5, 'itself, guard, PostgreSQL, Temporal and worker were seen');
      await demo.leavesNothing();
      assert.equal(trap.visitors(), 0);
      connect(trap.port, '127.0.0.1').on('error', () => undefined);
      await waitUntil('the trap to notice a visitor', () => trap.visitors() > 0);
    } finally {
      await trap.close();
    }
  });

  it('uses free ports when the usual ones are taken', async () => {
    const taken = await Promise.all([7233, 8233].map(occupy));
    try {
      const demo = await startDemo();
      assert.equal(await demo.process.ended, 0, demo.output());
      const [, temporalPort, uiPort] =
        /Temporal: ready on 127\.0\.0\.1:(\d+), Web UI at http:\/\/127\.0\.0\.1:(\d+)/.exec(demo.output()) ??
        [];
      assert.ok(Number(temporalPort) > 0 && temporalPort !== '7233');
      assert.ok(Number(uiPort) > 0 && uiPort !== '8233');
      assert.match(demo.output(), /^Done\./m);
      await demo.leavesNothing();
    } finally {
      for (const server of taken) server?.close();
    }
  });
});

/** Takes a port; undefined if someone has it already. */
async function occupy(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}
