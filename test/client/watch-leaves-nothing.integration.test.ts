import assert from 'node:assert/strict';
import { getEventListeners, setMaxListeners } from 'node:events';
import { createSmsClient, type SmsClient } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startCountingTemporal, type CountingTemporal } from '../support/counting-temporal.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';

const WATCHES = 50;

describe('waiting for the end of a send', function () {
  this.timeout(120_000);
  let fixture: SendFixture;
  let temporal: CountingTemporal;
  let client: SmsClient;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
    temporal = await startCountingTemporal((await sharedTemporal()).address);
    const { payloadKeys, taskQueue } = fixture;
    client = createSmsClient({ connection: { address: temporal.address }, payloadKeys, taskQueue });
  });
  after(async () => {
    await client.close();
    await temporal.close();
    await fixture.close();
  });

  /** A send that nobody takes up. */
  async function endless(): Promise<string> {
    return (await client.send(fixture.job())).workflowId;
  }

  const longPolls = () =>
    temporal.underWay().filter((method) => method === 'GetWorkflowExecutionHistory').length;

  async function assertNothingGoesOn(): Promise<void> {
    await waitUntil('the calls to end', () => temporal.underWay().length === 0);
    const before = temporal.total();
    await client.count();
    assert.equal(temporal.total(), before + 1);
    assert.deepEqual(temporal.underWay(), []);
  }

  it(`makes no further call after ${WATCHES} watches were left`, async () => {
    const workflowId = await endless();
    await Promise.all(
      Array.from({ length: WATCHES }, async () => {
        for await (const { status } of client.watch(workflowId)) {
          assert.equal(status, 'running');
          break;
        }
      }),
    );
    await assertNothingGoesOn();
  });

  it(`makes no further call after ${WATCHES} watches were ended by one signal`, async () => {
    const workflowId = await endless();
    const stop = new AbortController();
    setMaxListeners(WATCHES, stop.signal);
    const watches = Array.from({ length: WATCHES }, async () => {
      const seen: string[] = [];
      for await (const { status } of client.watch(workflowId, { signal: stop.signal })) seen.push(status);
      return seen;
    });
    await waitUntil('the ends to be waited for', () => longPolls() === WATCHES);
    stop.abort();
    for (const seen of await Promise.all(watches)) assert.deepEqual(seen, ['running']);
    await assertNothingGoesOn();
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
  });

  it('makes no further call after a result was given up', async () => {
    const workflowId = await endless();
    const stop = new AbortController();
    const result = client.get(workflowId).result({ signal: stop.signal });
    await waitUntil('the end to be waited for', () => longPolls() === 1);
    stop.abort();
    await assert.rejects(result, { name: 'AbortError' });
    await assertNothingGoesOn();
  });

  it('makes no further call after an acceptance was given up', async () => {
    const workflowId = await endless();
    const stop = new AbortController();
    const accepted = client.get(workflowId).accepted({ signal: stop.signal });
    await waitUntil('the end to be waited for', () => longPolls() === 1);
    stop.abort();
    await assert.rejects(accepted, { name: 'AbortError' });
    await assertNothingGoesOn();
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
    await assert.rejects(client.get(workflowId).accepted({ signal: stop.signal }), { name: 'AbortError' });
    await assertNothingGoesOn();
  });

  it('ends as the send does that was never accepted', async () => {
    const workflowId = await endless();
    const accepted = client.get(workflowId).accepted();
    await waitUntil('the end to be waited for', () => longPolls() === 1);
    await fixture.temporal.workflow.getHandle(workflowId).terminate();
    await assert.rejects(accepted, { code: 'TERMINATED' });
    await assertNothingGoesOn();
  });

  it('goes on while the server answers, longer than any single request may take', async () => {
    const workflowId = await endless();
    const { payloadKeys } = fixture;
    const connection = { address: temporal.address };
    const hasty = createSmsClient({ connection, payloadKeys, callTimeoutMs: 1_500 });
    try {
      const before = temporal.total();
      const result = hasty.get(workflowId).result();
      await waitUntil('a third question', () => temporal.total() >= before + 3);
      await client.cancel(workflowId);
      // Nothing was sent, and no worker is there to say so.
      await fixture.temporal.workflow.getHandle(workflowId).terminate();
      await assert.rejects(result, { code: 'TERMINATED' });
    } finally {
      await hasty.close();
    }
  });
});
