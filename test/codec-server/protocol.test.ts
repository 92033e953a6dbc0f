import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writePayload, type PayloadJson } from '../../src/codec-server/payload-json.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { plaintextMemo } from '../../src/encryption/plaintext-memo.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import {
  encrypted,
  KEYS,
  metadataOf,
  payloadsOf,
  plain,
  startTestServer,
  valueOf,
  type TestServer,
} from './codec-server-fixture.js';

const STRANGE_KEYS = parsePayloadKeys(`strange:${randomBytes(32).toString('hex')}`);

describe('the codec server', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const decode = async (...payloads: unknown[]) =>
    payloadsOf(await server.post('/decode?preserveStorageRefs=true', { payloads }));
  const encode = async (...payloads: unknown[]) => payloadsOf(await server.post('/encode', { payloads }));

  it('decrypts payloads of any of its keys, in their order', async () => {
    const decoded = await decode(
      await encrypted({ a: 1 }),
      await encrypted('zwei', [KEYS[1]!]),
      await encrypted(undefined),
    );
    assert.deepEqual(decoded.slice(0, 2).map(valueOf), [{ a: 1 }, 'zwei']);
    assert.deepEqual(decoded[0], writePayload(plain({ a: 1 })));
    assert.equal(metadataOf(decoded[2]!, 'encoding'), 'binary/null');
  });

  it('encrypts with its first key, so that it can decrypt again', async () => {
    const original = writePayload(plain({ text: 'é' }));
    const [sealed] = await encode(original);
    assert.equal(metadataOf(sealed!, 'encoding'), 'binary/encrypted');
    assert.equal(metadataOf(sealed!, 'encryption-key-id'), 'k2');
    assert.deepEqual(await decode(sealed), [original]);
  });

  it('returns plain payloads unchanged, with unknown fields and without a mark of its own', async () => {
    const payload = { ...writePayload(plain('x')), externalPayloads: [{ sizeBytes: '5' }] };
    assert.deepEqual(await decode(payload), [payload]);
  });

  it('leaves the ids of the memo readable', async () => {
    const { leadId } = plaintextMemo({ leadId: 'lead-1' });
    const [stored] = await createPayloadCodec([]).encode([leadId!.payload]);
    const clear = writePayload(stored!);
    assert.deepEqual(await decode(clear), [clear]);
  });

  it('reads the optional and alternative spellings of proto3 JSON', async () => {
    const sealed = await encrypted({ a: 1 });
    const urlSafe = {
      metadata: Object.fromEntries(
        Object.entries(sealed.metadata!).map(([name, value]) => [name, value.replaceAll('=', '')]),
      ),
      data: sealed.data!.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      unknown: { deep: [1] },
    };
    const decoded = await decode(urlSafe, {}, { metadata: null, data: null }, { metadata: {} });
    assert.deepEqual(valueOf(decoded[0]!), { a: 1 });
    assert.deepEqual(decoded.slice(1), [{}, { metadata: null, data: null }, { metadata: {} }]);
  });

  it('reads a body without payloads as an empty list', async () => {
    for (const body of [{}, { payloads: null }, { payloads: [] }, { unknown: 1 }])
      assert.deepEqual(payloadsOf(await server.post('/decode', body)), []);
  });

  for (const path of ['/default/decode', '/api/v1/decode', '//decode'])
    it(`answers under the prefix of ${path}`, async () => {
      const payloads = [await encrypted('x')];
      assert.equal(valueOf(payloadsOf(await server.post(path, { payloads }))[0]!), 'x');
    });

  describe('with a payload that cannot be decrypted', () => {
    it('answers the reason in its place, and decrypts the others', async () => {
      const decoded = await decode(
        await encrypted('one'),
        await encrypted('two', STRANGE_KEYS),
        damaged(await encrypted('three')),
        await encrypted('four'),
      );
      assert.deepEqual(decoded.map(valueOf), [
        'one',
        {
          message:
            'Not decrypted. A payload is encrypted with the key "strange", which SMS_PAYLOAD_KEYS lacks here: add it.',
        },
        {
          message:
            'Not decrypted. A payload cannot be decrypted with the key "k2": it was altered, or this id belongs to another key here.',
        },
        'four',
      ]);
      assert.deepEqual(Object.keys(decoded[1]!.metadata!), ['encoding']);
      assert.equal(metadataOf(decoded[1]!, 'encoding'), 'json/plain');
      const [line] = (await server.lines(1)).slice(-1);
      assert.equal(line!['decoded'], 2);
      assert.equal(line!['left'], 2);
    });

    it('prints only letters, digits and . _ - of a key id', async () => {
      const payload = await encrypted('x', STRANGE_KEYS);
      payload.metadata!['encryption-key-id'] = Buffer.from('<b>\n"é').toString('base64');
      const [explanation] = await decode(payload);
      assert.match((valueOf(explanation!) as { message: string }).message, /with the key "\?b\?+", which/);
    });
  });

  it('returns a payload with an encoding of any length unchanged, and decrypts the others', async () => {
    const long = {
      metadata: { encoding: Buffer.from('x'.repeat(300_000)).toString('base64') },
      data: 'e30=',
    };
    const decoded = await decode(await encrypted('one'), long, await encrypted('two'));
    assert.deepEqual([decoded[0]!, decoded[2]!].map(valueOf), ['one', 'two']);
    assert.deepEqual(decoded[1], long);
  });

  it('does not encrypt twice', async () => {
    const sealed = await encrypted('x', STRANGE_KEYS);
    assert.deepEqual(await encode(sealed), [sealed]);
  });
});

function damaged(payload: PayloadJson): PayloadJson {
  const bytes = Buffer.from(payload.data!, 'base64');
  bytes[bytes.length - 1]! ^= 1;
  return { ...payload, data: bytes.toString('base64') };
}
