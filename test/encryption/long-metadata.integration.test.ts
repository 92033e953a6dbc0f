import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { payloadConverter } from '../../src/encryption/payload-converter.js';
import { PayloadKeyUnknown } from '../../src/domain/payload-error.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture } from '../support/send-fixture.js';
import { startWithPayloads } from '../support/start-with-payloads.js';

/** More than a call takes as arguments. */
const LONG_BYTES = 300_000;
const KEY = { id: 'k'.repeat(64), key: randomBytes(32) };

const withEncoding = (encoding: string): Payload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from('{}'),
});

describe('metadata of any length', () => {
  const long = withEncoding('binary/encrypted'.padEnd(LONG_BYTES, 'x'));

  it('is passed on by the codec as an unknown encoding, with the payloads beside it', async () => {
    const codec = createPayloadCodec([KEY]);
    const [decoded] = await codec.decode([long]);
    assert.deepEqual(decoded?.metadata?.['encoding'], long.metadata?.['encoding']);
    assert.deepEqual(decoded?.data, long.data);
  });

  it('is read as undefined by the converter', () => {
    for (const length of [17, 64, 65, LONG_BYTES]) {
      const payload = withEncoding('binary/encrypted'.padEnd(length, '\0'));
      assert.equal(payloadConverter.fromPayload(payload), undefined, `${length} bytes`);
    }
    assert.throws(() => payloadConverter.fromPayload(withEncoding('binary/encrypted')));
  });

  it('is not a key id, even if it begins with one', async () => {
    const codec = createPayloadCodec([KEY]);
    for (const length of [65, LONG_BYTES]) {
      const metadata = {
        encoding: Buffer.from('binary/encrypted'),
        'encryption-key-id': Buffer.from('k'.repeat(length)),
      };
      await assert.rejects(codec.decode([{ metadata, data: randomBytes(64) }]), (error) => {
        assert.ok(error instanceof PayloadKeyUnknown);
        assert.ok(error.message.length < 200);
        return true;
      });
    }
  });

  it('ends a run started by hand, instead of failing its first task for ever', async () => {
    const fixture = await createSendFixture();
    try {
      // A run that goes on for ever ends as TIMED_OUT.
      const workflowId = await startWithPayloads(fixture, [long], { endsAfterSeconds: 60 });
      await expectSmsError(fixture.client.get(workflowId).result(), 'VALIDATION_FAILED');
    } finally {
      await fixture.close();
    }
  });
});
