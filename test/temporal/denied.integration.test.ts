import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { smsFor } from '../support/cli.js';
import { startDenyingTemporal, type DenyingTemporal } from '../support/denying-temporal.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startWorker, workerEnvironment } from '../support/worker-environment.js';

describe('a server that denies listing and registering search attributes', function () {
  this.timeout(120_000);
  let fixture: SendFixture;
  let denying: DenyingTemporal;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
    denying = await startDenyingTemporal((await sharedTemporal()).address);
  });
  after(async () => {
    await denying.close();
    await fixture.close();
  });

  it('makes durable-sms setup name those to add by hand, with their type, and exit with 1', async () => {
    const sms = await smsFor(fixture, { TEMPORAL_ADDRESS: denying.address });
    const text = await sms(['setup']);
    assert.equal(text.exitCode, 1, text.stderr);
    assert.match(text.stderr, /by hand/);
    for (const name of SEARCH_ATTRIBUTE_NAMES)
      assert.match(text.stderr, new RegExp(`^ +${name} +Keyword$`, 'm'));
    const json = await sms(['setup', '--json']);
    assert.equal((JSON.parse(json.stdout) as { registered: unknown }).registered, null);
  });

  it('makes a worker warn of them, start, and send', async () => {
    const worker = await startWorker(await workerEnvironment(fixture, { TEMPORAL_ADDRESS: denying.address }));
    try {
      const sent = await fixture.client.send(fixture.job());
      await sent.result();
      await waitUntil('the warning', () => /SmsAccountId.*type Keyword/.test(worker.output()));
    } finally {
      await worker.stop();
    }
  });
});
