import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { smsFor, type Sms } from '../support/cli.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD, INDEXED_VALUE_TYPE_TEXT: TEXT } =
  proto.temporal.api.enums.v1.IndexedValueType;
type Types = Record<string, typeof KEYWORD | typeof TEXT>;

describe('durable-sms setup in a namespace with other attributes', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  /** A new namespace with these search attributes, and `sms` in it. */
  async function namespaceWith(searchAttributes: Types): Promise<{ namespace: string; sms: Sms }> {
    const namespace = `shared-${randomUUID()}`;
    const { workflowService, operatorService } = fixture.temporal.connection;
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await waitUntil('the attributes of others to be there', async () => {
      try {
        const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
        if (Object.keys(searchAttributes).every((name) => name in customAttributes)) return true;
        await operatorService.addSearchAttributes({ namespace, searchAttributes });
      } catch {
        // The server does not know the namespace at once.
      }
      return false;
    });
    return { namespace, sms: await smsFor(fixture, { TEMPORAL_NAMESPACE: namespace }) };
  }

  it('reports that there is no room and what to do, other than running setup again', async () => {
    const { namespace, sms } = await namespaceWith({ A: KEYWORD, B: KEYWORD, C: KEYWORD, D: KEYWORD });
    for (const args of [['setup'], ['setup', '--json']]) {
      const { exitCode, stdout, stderr } = await sms(args);
      assert.equal(exitCode, 1);
      assert.match(stderr, /no room for 7 more search attributes of type Keyword .*it has 4, .* store is 10/);
      for (const name of SEARCH_ATTRIBUTE_NAMES) assert.ok(stderr.includes(name), name);
      assert.match(stderr, /^ {2}temporal operator namespace create --namespace sms --retention 7d$/m);
      assert.doesNotMatch(stderr, /register them with/);
      if (args.includes('--json')) {
        const { registered } = JSON.parse(stdout) as { registered: unknown };
        assert.equal(registered, null);
      } else assert.equal(stdout, '');
    }
    const { operatorService } = fixture.temporal.connection;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    assert.deepEqual(Object.keys(customAttributes).sort(), ['A', 'B', 'C', 'D']);
  });

  it('registers all when there is just enough room', async () => {
    const { sms } = await namespaceWith({ A: KEYWORD, B: KEYWORD, C: KEYWORD });
    const { exitCode, stdout, stderr } = await sms(['setup']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^Registered in namespace/);
  });

  it('names an attribute of ours with another type', async () => {
    const { sms } = await namespaceWith({ SmsHuntId: TEXT });
    const { exitCode, stderr } = await sms(['setup']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /has SmsHuntId with a type other than Keyword/);
    assert.match(stderr, /search-attribute remove --namespace \S+ --name SmsHuntId$/m);
  });
});
