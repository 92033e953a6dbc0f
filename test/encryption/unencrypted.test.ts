import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  encodeMapToPayloads,
  encodeToPayloads,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { plaintextMemo } from '../../src/encryption/plaintext-memo.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { originOf } from '../../src/encryption/payload-origin.js';

const converter = loadDataConverter(createDataConverter([{ id: 'k', key: randomBytes(32) }]));
const job = { recipientPhone: '+33639980042', options: { maxResends: 1 } };

describe('the data converter', () => {
  it('records whether an object came encrypted or plain', async () => {
    const [encrypted] = await decodeArrayFromPayloads(converter, await encodeToPayloads(converter, job));
    assert.equal(originOf(encrypted), undefined);
    const [plain] = await decodeArrayFromPayloads(converter, [defaultPayloadConverter.toPayload(job)]);
    assert.equal(originOf(plain), 'plain');
    assert.deepEqual(plain, job);
    assert.equal(originOf({ ...(plain as object) }), undefined);
    assert.deepEqual(Object.keys(plain as object), Object.keys(job));
  });

  it('leaves the ids of a memo readable, and encrypts every other memo', async () => {
    const memo: Record<string, Payload> = await encodeMapToPayloads(converter, {
      ...plaintextMemo({ leadId: 'lead-42', adId: undefined }),
      note: 'n',
    });
    assert.deepEqual(Object.keys(memo), ['leadId', 'note']);
    assert.equal(Buffer.from(memo['leadId']?.data ?? []).toString(), '"lead-42"');
    assert.equal(Buffer.from(memo['leadId']?.metadata?.['encoding'] ?? []).toString(), 'json/plain');
    assert.deepEqual(Object.keys(memo['leadId']?.metadata ?? {}), ['encoding']);
    assert.equal(Buffer.from(memo['note']?.metadata?.['encoding'] ?? []).toString(), 'binary/encrypted');
    const [read] = await decodeArrayFromPayloads(converter, [memo['leadId']!]);
    assert.equal(read, 'lead-42');
  });

  it('encodes the message of a failure as payloads', () => {
    const failure = converter.failureConverter.errorToFailure(
      new Error('Bonjour'),
      converter.payloadConverter,
    );
    assert.equal(failure.message, 'Encoded failure');
    assert.equal(failure.stackTrace, '');
    assert.ok(failure.encodedAttributes);
  });

  it('leaves the message of a failure readable without encryption', () => {
    const plain = loadDataConverter(createDataConverter([]));
    const failure = plain.failureConverter.errorToFailure(new Error('Bonjour'), plain.payloadConverter);
    assert.equal(failure.message, 'Bonjour');
    assert.equal(failure.encodedAttributes, undefined);
  });
});
