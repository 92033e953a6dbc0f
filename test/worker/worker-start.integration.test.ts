import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../tools/servers/free-port.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { smsFor } from '../support/cli.js';
import { ensureBuilt } from '../support/built-package.js';
import { runNode } from '../support/run-node.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { makeDirectory } from '../support/scratch.js';
import { startWorker, workerEnvironment } from '../support/worker-environment.js';

describe('worker process: start', () => {
  let fixture: SendFixture;
  let environment: Record<string, string>;
  before(async function () {
    this.timeout(180_000);
    await ensureBuilt();
    fixture = await createSendFixture({ worker: false });
    environment = await workerEnvironment(fixture);
  });
  after(() => fixture.close());

  const run = (changes: Record<string, string>) =>
    runNode(['dist/worker.js'], { env: { ...environment, ...changes } });

  it('refuses to start without its variables, naming each', async () => {
    const { exitCode, stderr } = await runNode(['dist/worker.js']);
    assert.equal(exitCode, 1);
    for (const name of ['DATABASE_URL', 'SMS_API_KEY_ENCRYPTION_KEY', 'SMS_PAYLOAD_KEYS'])
      assert.match(stderr, new RegExp(`^ {2}${name}: required`, 'm'));
    assert.equal(stderr.trim().split('\n').length, 4, 'a heading, and a line for each');
  });

  it('refuses malformed variables, naming all of them and printing none of their values', async () => {
    const malformed = {
      DATABASE_URL: 'mysql://user:pass-of-database@127.0.0.1/x',
      SMS_API_KEY_ENCRYPTION_KEY: 'not-hex-encryption-key',
      SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: 'not-hex-previous-key',
      SMS_PAYLOAD_KEYS: 'a:not-hex-payload-key',
      SMSMOBILEAPI_URL: 'http://user:pass-of-provider@example.com',
      LOG_LEVEL: 'loud-level',
      METRICS_ADDRESS: 'nowhere-metrics',
      HEALTH_ADDRESS: 'nowhere-health',
    };
    const { exitCode, stdout, stderr } = await run(malformed);
    assert.equal(exitCode, 1);
    for (const [name, value] of Object.entries(malformed)) {
      assert.match(stderr, new RegExp(`^ {2}${name}: .*(?:must|each key)`, 'm'));
      assert.ok(!(stdout + stderr).includes(value), `${name} is printed`);
    }
    assert.doesNotMatch(stderr, /pass-of|not-hex|\n\s+at /);
  });

  it('warns about an outbound proxy that this Node.js ignores, without its address', async () => {
    const closed = await freePort();
    const { stdout } = await run({
      TEMPORAL_ADDRESS: `127.0.0.1:${closed}`,
      HTTPS_PROXY: 'http://proxy-user:proxy-password@proxy.example:3128',
    });
    assert.match(stdout, /"level":40,.*requests to the provider bypass the proxy.*HTTPS_PROXY/);
    assert.doesNotMatch(stdout, /proxy-user|proxy-password|proxy\.example/);
  });

  it('reports in one line that Temporal is unreachable, and exits with 1', async () => {
    const closed = await freePort();
    const { exitCode, stderr } = await run({ TEMPORAL_ADDRESS: `127.0.0.1:${closed}` });
    assert.equal(exitCode, 1);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, /^Cannot reach a Temporal server at /);
  });

  it('reports in one line that the namespace does not exist, and exits with 1', async () => {
    const { exitCode, stderr } = await run({ TEMPORAL_NAMESPACE: 'nowhere' });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^Cannot list the search attributes of namespace nowhere .*$/);
  });

  for (const name of ['METRICS_ADDRESS', 'HEALTH_ADDRESS']) {
    it(`reports that the address of ${name} is taken, and exits with 1`, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        const { exitCode, stderr } = await run({ [name]: `127.0.0.1:${port}` });
        assert.match(stderr, new RegExp(`^${name}: [^\\n]*(EADDRINUSE|whether the port is in use)[^\\n]*$`));
        assert.equal(exitCode, 1);
      } finally {
        server.close();
      }
    });
  }

  it("names an unreadable profile file of Temporal's without quoting it, and exits with 1", async () => {
    const path = join(await makeDirectory('broken-profile'), 'temporal.toml');
    await writeFile(path, '[profile.default]\napi_key = secret-without-quotes\n');
    const { exitCode, stderr } = await run({ TEMPORAL_CONFIG_FILE: path });
    assert.ok(!stderr.includes('secret-without-quotes'), stderr);
    assert.equal(exitCode, 1);
  });

  it('refuses a namespace without the search attributes, naming the command that registers them', async () => {
    const namespace = `bare-${randomUUID()}`;
    const { temporal } = fixture;
    await temporal.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const sms = await smsFor(fixture, { TEMPORAL_NAMESPACE: namespace });
    const refused = await waitUntil('the server to know the namespace', async () => {
      const ended = await run({ TEMPORAL_NAMESPACE: namespace });
      return ended.stderr.includes('is not found') ? undefined : ended;
    });
    assert.equal(refused.exitCode, 1);
    for (const name of SEARCH_ATTRIBUTE_NAMES) assert.ok(refused.stderr.includes(name), name);
    assert.match(refused.stderr, /npx durable-sms setup/);
    assert.equal(refused.stderr.trim().split('\n').length, 1);

    const first = await sms(['setup']);
    assert.equal(first.exitCode, 0, first.stderr);
    for (const name of SEARCH_ATTRIBUTE_NAMES) assert.ok(first.stdout.includes(name), name);
    assert.match(first.stderr, /^Warning: namespace \S+ keeps closed runs for only 1 day\./);
    assert.match(first.stderr, /namespace update --namespace \S+ --retention 7d$/m);
    await temporal.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: (7 * 86_400) as never } },
    });
    const second = await waitUntil('the attributes to be there', async () => {
      const ended = await sms(['setup']);
      return ended.stdout.includes('has all search attributes') ? ended : undefined;
    });
    assert.equal(second.exitCode, 0);
    await waitUntil(
      'the longer retention to be there',
      async () => !(await sms(['setup'])).stderr.includes('Warning'),
    );

    const worker = await startWorker({ ...environment, TEMPORAL_NAMESPACE: namespace });
    worker.process.child.kill('SIGTERM');
    assert.equal(await worker.process.ended, 0);
  });
});
