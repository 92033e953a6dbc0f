import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import type { PayloadKey } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { PayloadDamaged, PayloadError, PayloadKeyUnknown } from '../../src/domain/payload-error.js';

const OLD: PayloadKey = { id: 'old', key: randomBytes(32) };
const NEW: PayloadKey = { id: 'new', key: randomBytes(32) };

const payloadOf = (value: unknown) => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload) => defaultPayloadConverter.fromPayload<unknown>(payload);
const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');

async function encodeOne(codec: ReturnType<typeof createPayloadCodec>, value: unknown): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  assert.ok(payload);
  return payload;
}

async function decodeOne(codec: ReturnType<typeof createPayloadCodec>, payload: Payload): Promise<unknown> {
  const [decoded] = await codec.decode([payload]);
  assert.ok(decoded);
  return valueOf(decoded);
}

async function expectPayloadError(
  promise: Promise<unknown>,
  type: typeof PayloadDamaged | typeof PayloadKeyUnknown,
): Promise<PayloadError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof PayloadError, String(error));
  assert.equal(error.name, type.name);
  assert.equal(error.constructor, type);
  return error;
}

describe('the payload codec', () => {
  const codec = createPayloadCodec([NEW, OLD]);

  it('restores every value, and exposes nothing of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.uint8Array({ minLength: 12, maxLength: 40 }),
        async (json, bytes) => {
          for (const value of [json, bytes]) {
            const encoded = await encodeOne(codec, value);
            assert.deepEqual(await decodeOne(codec, encoded), valueOf(payloadOf(value)));
          }
          assert.ok(!textOf((await encodeOne(codec, bytes)).data).includes(textOf(bytes)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('names encoding and key in the metadata, and nothing else', async () => {
    const { metadata } = await encodeOne(codec, { recipientPhone: '+33639980042' });
    const names = Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, text]) => [name, textOf(text)]),
    );
    assert.deepEqual(names, { encoding: 'binary/encrypted', 'encryption-key-id': 'new' });
  });

  it('encrypts the same value differently each time', async () => {
    const [one, two] = await codec.encode([payloadOf('a'), payloadOf('a')]);
    assert.notEqual(textOf(one?.data), textOf(two?.data));
  });

  for (const [what, value] of [
    ['one byte', new Uint8Array([7])],
    ['no byte', new Uint8Array(0)],
    ['2 MB', new Uint8Array(randomBytes(2 * 1024 * 1024))],
    ['undefined', undefined],
    ['null', null],
  ] as const) {
    it(`takes ${what}`, async () => {
      assert.deepEqual(await decodeOne(codec, await encodeOne(codec, value)), value);
    });
  }

  it('handles 1,000 payloads at once, and keeps their order', async () => {
    const values = Array.from({ length: 1_000 }, (_, index) => ({ index }));
    const decoded = await codec.decode(await codec.encode(values.map(payloadOf)));
    assert.deepEqual(decoded.map(valueOf), values);
  });

  it('encrypts with the first key, and decrypts with each', async () => {
    const before = await encodeOne(createPayloadCodec([OLD]), 'before');
    assert.equal(await decodeOne(codec, before), 'before');
    const after = await encodeOne(codec, 'after');
    assert.equal(await decodeOne(createPayloadCodec([OLD, NEW]), after), 'after');
  });

  it('names the missing key, and nothing of the payload', async () => {
    const encoded = await encodeOne(codec, 'Bonjour');
    for (const without of [createPayloadCodec([OLD]), createPayloadCodec([])]) {
      const error = await expectPayloadError(without.decode([encoded]), PayloadKeyUnknown);
      assert.match(error.message, /the key "new", which SMS_PAYLOAD_KEYS lacks here/);
    }
    const odd = { ...encoded, metadata: { ...encoded.metadata, 'encryption-key-id': Buffer.from('a\n"b') } };
    assert.match((await expectPayloadError(codec.decode([odd]), PayloadKeyUnknown)).message, /"a\?\?b"/);
  });

  it('refuses a payload with a flipped bit, a missing byte or a changed key id', async () => {
    const encoded = await encodeOne(codec, 'Bonjour');
    const data = Buffer.from(encoded.data ?? []);
    for (let at = 0; at < data.length; at++) {
      const flipped = Buffer.from(data);
      flipped[at]! ^= 1 << (at % 8);
      await expectPayloadError(codec.decode([{ ...encoded, data: flipped }]), PayloadDamaged);
      await expectPayloadError(codec.decode([{ ...encoded, data: data.subarray(0, at) }]), PayloadDamaged);
    }
    const renamed = {
      ...encoded,
      metadata: { ...encoded.metadata, 'encryption-key-id': Buffer.from('old') },
    };
    await expectPayloadError(codec.decode([renamed]), PayloadDamaged);
    const replaced = createPayloadCodec([{ id: 'new', key: randomBytes(32) }]);
    await expectPayloadError(replaced.decode([encoded]), PayloadDamaged);
    await expectPayloadError(codec.decode([{ metadata: encoded.metadata ?? {} }]), PayloadDamaged);
  });

  it('leaves unencrypted payloads unchanged', async () => {
    assert.equal(await decodeOne(codec, payloadOf('plain')), 'plain');
    assert.equal(await decodeOne(codec, await encodeOne(createPayloadCodec([]), 'plain')), 'plain');
  });
});
