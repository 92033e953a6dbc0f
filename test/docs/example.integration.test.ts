import assert from 'node:assert/strict';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('a send', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  it('delivers its text to the phone', async () => {
    const job = fixture.job();
    const { messageId } = await (await fixture.client.send(job)).result();
    const received = await fixture.simulator.waitForMessage(({ id }) => id === messageId);
    assert.equal(received.text, job.message);
  });
});
