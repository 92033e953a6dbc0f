import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const SENDS = 25;

describe('checks after a burst of unknown outcomes', () => {
  let fixture: SendFixture;
  let readings = 0;
  const onRequest = (message: unknown) => {
    const { request } = message as { request: { origin: string; path: string } };
    const isOurs = request.origin === new URL(fixture.simulator.url).origin;
    if (isOurs && request.path.startsWith('/log/sent/')) readings++;
  };
  before(async () => {
    fixture = await createSendFixture({ gatherMs: 5_000 });
    subscribe('undici:request:create', onRequest);
  });
  after(async () => {
    unsubscribe('undici:request:create', onRequest);
    await fixture.close();
  });

  it('share their reads of the sent messages, and each finds its own', async () => {
    const jobs = Array.from({ length: SENDS }, () => fixture.job({ options: { unknownChecksMs: [8_000] } }));
    fixture.simulator.addFaults({ kind: 'http-503', recorded: true, times: SENDS });
    const runs = await Promise.all(jobs.map((job) => fixture.client.send(job)));
    const ids = await Promise.all(runs.map(async (run) => (await run.result()).messageId));
    const messageTo = ({ recipientPhone }: { recipientPhone: string }) =>
      fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);
    assert.deepEqual(
      jobs.map((job) => messageTo(job).map(({ id }) => id)),
      ids.map((id) => [id]),
    );
    assert.ok(readings < SENDS / 2, `${readings} requests for ${SENDS} checks`);
  });
});
