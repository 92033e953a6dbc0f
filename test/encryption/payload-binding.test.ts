import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { originOf, type PayloadOrigin } from '../../src/encryption/payload-origin.js';

const KEYS = [{ id: 'k', key: randomBytes(32) }];
const codec = createPayloadCodec(KEYS);
const { payloadConverter } = loadDataConverter(createDataConverter(KEYS));
const job = { message: 'Bonjour' };

const workflow = (workflowId: string): SerializationContext => ({
  type: 'workflow',
  namespace: 'default',
  workflowId,
});
const activityOf = (workflowId: string): SerializationContext => ({
  type: 'activity',
  namespace: 'default',
  workflowId,
  activityId: '1',
  isLocal: true,
});

async function encrypt(context?: SerializationContext, metadata: Payload['metadata'] = {}): Promise<Payload> {
  const plain = defaultPayloadConverter.toPayload(job);
  const [payload] = await codec.encode([{ ...plain, metadata: { ...plain.metadata, ...metadata } }], context);
  assert.ok(payload);
  return payload;
}

async function read(payload: Payload, context?: SerializationContext) {
  const [decoded] = await codec.decode([payload], context);
  assert.ok(decoded);
  const value = payloadConverter.fromPayload(decoded);
  assert.deepEqual(value, job);
  return { origin: originOf(value), metadata: Object.keys(decoded.metadata ?? {}) };
}

const originIn = async (payload: Payload, context?: SerializationContext) =>
  (await read(payload, context)).origin;

describe('the binding of a payload to its workflow', () => {
  const cases: readonly (readonly [string, SerializationContext | undefined, PayloadOrigin])[] = [
    ['the same workflow', workflow('sms-1'), 'bound'],
    ['an activity of the same workflow', activityOf('sms-1'), 'bound'],
    ['another workflow', workflow('sms-2'), 'foreign'],
    ['a workflow whose id begins alike', workflow('sms-11'), 'foreign'],
    ['an activity of another workflow', activityOf('sms-2'), 'foreign'],
  ];
  for (const [reader, context, origin] of cases) {
    it(`marks one encrypted for a workflow as ${origin} to ${reader}`, async () => {
      for (const made of [workflow('sms-1'), activityOf('sms-1')])
        assert.equal(await originIn(await encrypt(made), context), origin);
    });
  }

  it('is missing when no workflow was known, whatever the payload claims', async () => {
    const claimed = {
      'durable-sms-workflow-id': Buffer.from('sms-1'),
      'durable-sms-origin': Buffer.from('bound'),
    };
    for (const payload of [await encrypt(), await encrypt(undefined, claimed)])
      assert.equal(await originIn(payload, workflow('sms-1')), 'unbound');
  });

  it('cannot be forged by a plain payload', async () => {
    const plain = defaultPayloadConverter.toPayload(job);
    const metadata = { ...plain.metadata, 'durable-sms-origin': Buffer.from('bound') };
    assert.equal(await originIn({ ...plain, metadata }, workflow('sms-1')), 'plain');
  });

  it('is neither stored in clear nor returned when decrypting without a workflow', async () => {
    const payload = await encrypt(workflow('sms-1'));
    assert.deepEqual(Object.keys(payload.metadata ?? {}), ['encoding', 'encryption-key-id']);
    assert.deepEqual(await read(payload), { origin: undefined, metadata: ['encoding'] });
  });

  it('leaves a payload without data intact', async () => {
    const [stored] = await codec.encode([defaultPayloadConverter.toPayload(undefined)], workflow('sms-1'));
    assert.ok(stored);
    for (const context of [undefined, workflow('sms-1')]) {
      const [decoded] = await codec.decode([stored], context);
      assert.equal(decoded?.data?.length, 0);
    }
  });

  it('holds for ids of any length and script', async () => {
    const id = `sms-é€😀-${'x'.repeat(200)}`;
    const payload = await encrypt(workflow(id));
    assert.equal(await originIn(payload, workflow(id)), 'bound');
    assert.equal(await originIn(payload, workflow(`${id}x`)), 'foreign');
  });
});
