import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createComposeStack, type ComposeStack } from './compose-stack.js';

/** Building the images without a cache takes minutes. */
const SLOW_MS = 30 * 60_000;

const SIMULATOR = 'http://127.0.0.1:3900/_control';

interface SeenRequest {
  readonly fields: Record<string, string>;
}

/** The containers of the Compose file, as a new user starts them; the tests build on each other. */
describe('the stack in containers', function () {
  this.timeout(SLOW_MS);
  let stack: ComposeStack;
  const account = randomUUID();
  let next = 40;
  before(async () => {
    stack = await createComposeStack();
  });
  after(() => stack.compose('down', '--volumes', '--remove-orphans', '--rmi', 'local'));

  const newNumber = () => `+336399800${next++}`;

  const startSend = (number: string, ...flags: string[]) =>
    stack.sms(['send', '--account', account, '--to', number, '--message', 'Bonjour', ...flags]);

  async function assertAccepted(number: string): Promise<void> {
    assert.match(await startSend(number, '--wait'), /^status +accepted$/m);
  }

  async function requestsTo(number: string): Promise<number> {
    const response = await fetch(`${SIMULATOR}/requests`);
    const { requests } = (await response.json()) as { requests: readonly SeenRequest[] };
    return requests.filter(({ fields }) => fields['recipients'] === number).length;
  }

  it('is built, started, and healthy', async () => {
    await stack.compose('build');
    await stack.up();
  });

  it('sets up schema and search attributes before a worker starts, and finds them there at the next start', async () => {
    const first = await stack.compose('logs', 'worker-setup');
    assert.match(first, /schema durable_sms was brought up to date \(\d+ applied\)/);
    assert.match(first, /Namespace default has all search attributes/);
    const ended = Date.parse(await stack.inspect('worker-setup', '{{.State.FinishedAt}}'));
    for (const worker of ['worker', 'simulator-worker']) {
      const started = Date.parse(await stack.inspect(worker, '{{.State.StartedAt}}'));
      assert.ok(started > ended, `${worker} started before worker-setup had ended`);
    }
    await stack.up();
    assert.match(await stack.compose('logs', 'worker-setup'), /schema durable_sms is up to date\./);
  });

  it('sends a first message', async () => {
    await stack.psql(`INSERT INTO accounts (id) VALUES ('${account}')`);
    await stack.sms(['accounts', 'set-key', account], stack.apiKey);
    const number = newNumber();
    await assertAccepted(number);
    assert.equal(await requestsTo(number), 1);
  });

  it('keeps the policies: sends for marketing within the hours, and nothing to who has opted out', async () => {
    const [wanted, optedOut] = [newNumber(), newNumber()];
    const always = ['--opens', '00:00', '--closes', '24:00', '--days', 'mon-sun', '--holidays', 'none'];
    await stack.sms(['policy', 'set', account, ...always]);
    assert.match(await stack.sms(['policy', 'show', account]), /^closes +24:00$/m);
    await stack.sms(['opt-outs', 'add', '--account', account, '--to', optedOut]);
    assert.match(await stack.sms(['opt-outs', 'list']), new RegExp(`operator +\\${optedOut} +${account}`));
    const marketing = ['--options', '{"purpose":"marketing"}', '--wait'];
    assert.match(await startSend(wanted, ...marketing), /^status +accepted$/m);
    await assert.rejects(startSend(optedOut, ...marketing), /^code +RECIPIENT_OPTED_OUT$/m);
    assert.deepEqual([await requestsTo(wanted), await requestsTo(optedOut)], [1, 0]);
    assert.match(await stack.sms(['outreach', 'list']), new RegExp(`granted +1 +\\${wanted}`));
  });

  it('refuses what a role lacks the rights for, and gives a worker’s role its rights', async () => {
    const password = 'letters1and2digits';
    await stack.psql(`CREATE ROLE worker_role LOGIN PASSWORD '${password}';
      ALTER ROLE worker_role SET default_transaction_read_only = on;
      GRANT SELECT (id, sms_api_key) ON accounts TO worker_role`);
    const url = `postgres://worker_role:${password}@example-db:5432/web_app`;
    const asWorker = (...args: string[]) =>
      stack.exec('simulator-worker', ['env', `DATABASE_URL=${url}`, 'node', 'dist/cli.js', ...args]);
    await assert.rejects(
      asWorker('policy', 'show', account),
      /docs\/policies\.md lists the grants \(42501\)/,
    );
    await assert.rejects(asWorker('setup'), /run setup --grant ROLE/);
    const setUp = ['dist/cli.js', 'setup', '--grant', 'worker_role'];
    await stack.compose('run', '--rm', '-T', 'worker-setup', ...setUp);
    assert.match(await asWorker('setup'), /schema durable_sms is up to date/);
    assert.match(await asWorker('policy', 'show', account), /^closes +24:00$/m);
  });

  it('lets a request in flight finish when the worker is stopped, and sends it once', async () => {
    const number = newNumber();
    const fault = { kind: 'slow-reply', recorded: true, number, delayMs: 8_000 };
    await fetch(`${SIMULATOR}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const workflowId = (await startSend(number)).trim();
    await waitUntil('the request to be out', async () => (await requestsTo(number)) > 0);
    await stack.compose('stop', 'simulator-worker');
    assert.match(await stack.compose('logs', 'simulator-worker'), /"worker stopped"/);
    await stack.up();
    await stack.sms(['watch', workflowId]);
    assert.match(await stack.sms(['status', workflowId]), /^status +accepted$/m);
    assert.equal(await requestsTo(number), 1);
  });

  it('sends after the simulator alone was restarted', async () => {
    await stack.compose('restart', 'simulator');
    await assertAccepted(newNumber());
  });

  it('sends to the accounts that it has after everything was stopped and started', async () => {
    await stack.compose('stop');
    await stack.up();
    await assertAccepted(newNumber());
  });

  it('says why a worker is not ready, in its log and to docker inspect', async () => {
    await stack.compose('stop', 'example-db');
    await stack.waitForHealth('worker', 'unhealthy');
    assert.match(await stack.lastChecks('worker'), /\{"ok":false,"failed":\["database"\]\}/);
    const notReady = /"failed":\{"database":"PostgreSQL could not be read: [^"]+"\},"msg":"not ready"/g;
    assert.equal((await stack.compose('logs', 'worker')).match(notReady)?.length, 1);
  });

  it('waits for a database that starts after everything else', async () => {
    await stack.compose('up', '-d', '--no-deps', 'worker-setup');
    await waitUntil('worker-setup to wait', async () =>
      /PostgreSQL could not be read: .*Trying again for 120 s/.test(
        await stack.compose('logs', 'worker-setup'),
      ),
    );
    await stack.up();
    assert.equal(await stack.inspect('worker-setup', '{{.State.ExitCode}}'), '0');
    await assertAccepted(newNumber());
  });

  it('comes down whole', async () => {
    await stack.compose('down', '--volumes');
    assert.equal(await stack.leftovers(), '');
  });
});
