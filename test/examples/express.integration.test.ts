import assert from 'node:assert/strict';
import { freePort } from '../../tools/servers/free-port.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { startGuarded, type GuardedProcess } from '../../tools/servers/guarded-process.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT } from '../support/run-node.js';
import { sharedGuard } from '../support/scratch.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';

describe('examples/express.cjs', () => {
  let fixture: SendFixture;
  let app: GuardedProcess;
  let url: string;
  before(async function () {
    this.timeout(300_000);
    await ensureBuilt();
    fixture = await createSendFixture();
    const port = await freePort();
    app = await startGuarded({
      guard: await sharedGuard(),
      command: process.execPath,
      args: ['examples/express.cjs'],
      cwd: ROOT,
      env: childEnvironment({
        PORT: String(port),
        ACCOUNT_ID: fixture.accountId,
        SMS_PAYLOAD_KEYS: fixture.payloadKeys,
        SMS_TASK_QUEUE: fixture.taskQueue,
        TEMPORAL_ADDRESS: (await sharedTemporal()).address,
      }),
    });
    url = `http://127.0.0.1:${port}/leads`;
    await waitUntil('the app to listen', async () => {
      if (app.child.exitCode !== null) throw new HopelessError(app.output());
      return (await fetch(url)).status === 404;
    });
  });
  after(async () => {
    await app.stop();
    await fixture.close();
  });

  const post = (leadId: string, body: Record<string, unknown>) =>
    fetch(`${url}/${leadId}/sms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('sends one SMS, also when the request is repeated', async () => {
    const { recipientPhone, message } = fixture.job();
    const answers = await Promise.all([1, 2].map(() => post('42', { recipientPhone, message })));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202],
    );

    const status = await waitUntil('the provider to accept', async () => {
      const report = (await (await fetch(`${url}/42/sms`)).json()) as { status: string };
      return report.status === 'accepted' && report;
    });

    assert.equal(status.status, 'accepted');
    const received = fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);
    assert.deepEqual(
      received.map(({ text }) => text),
      [message],
    );
  });

  it('answers a job that is refused with its code', async () => {
    const answer = await post('43', { recipientPhone: 'not a number', message: 'Bonjour' });
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), { code: 'PHONE_NUMBER_INVALID' });
  });
});
