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

  it('sends a first message', async () => {
    await stack.exec('example-db', [
      'psql',
      '-U',
      'web_app',
      '-c',
      `INSERT INTO accounts (id) VALUES ('${account}')`,
    ]);
    await stack.sms(['accounts', 'set-key', account], stack.apiKey);
    const number = newNumber();
    await assertAccepted(number);
    assert.equal(await requestsTo(number), 1);
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
    await stack.up();
  });

  it('comes down whole', async () => {
    await stack.compose('down', '--volumes');
    assert.equal(await stack.leftovers(), '');
  });
});
