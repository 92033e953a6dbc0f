import assert from 'node:assert/strict';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import {
  checkSearchAttributes,
  isDenied,
  registerSearchAttributes,
  type OperatorConnection,
} from '../../src/temporal/search-attributes.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;
const { ListSearchAttributesResponse, AddSearchAttributesResponse } = proto.temporal.api.operatorservice.v1;

type Service = OperatorConnection['operatorService'];

const failWith = (code: number) => () =>
  Promise.reject(Object.assign(new Error(`${code} words of the server`), { code }));

/** A server that has these search attributes; `code` is what it refuses with. */
function serverWith(
  names: readonly string[],
  { list, add }: { list?: number; add?: number } = {},
): OperatorConnection {
  const customAttributes = Object.fromEntries(names.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  const listed = () => Promise.resolve(ListSearchAttributesResponse.create({ customAttributes }));
  const added = () => Promise.resolve(AddSearchAttributesResponse.create());
  return {
    operatorService: {
      listSearchAttributes: (list === undefined
        ? listed
        : failWith(list)) as unknown as Service['listSearchAttributes'],
      addSearchAttributes: (add === undefined
        ? added
        : failWith(add)) as unknown as Service['addSearchAttributes'],
    },
  };
}

describe('the search attributes of a namespace', () => {
  const check = (connection: OperatorConnection) => checkSearchAttributes(connection, 'default');
  const [, ...others] = SEARCH_ATTRIBUTE_NAMES;

  it('are complete, or the missing ones are reported', async () => {
    assert.deepEqual(await check(serverWith(SEARCH_ATTRIBUTE_NAMES)), { kind: 'complete' });
    assert.deepEqual(await check(serverWith(others)), { kind: 'missing', names: ['SmsAccountId'] });
  });

  for (const code of [7, 12]) {
    it(`are unknown with a server that answers gRPC status ${code}, and a worker starts all the same`, async () => {
      assert.deepEqual(await check(serverWith([], { list: code })), { kind: 'not-told' });
    });

    it(`cannot be registered by a client when the server answers with gRPC status ${code}`, async () => {
      for (const denied of [{ list: code }, { add: code }]) {
        await assert.rejects(registerSearchAttributes(serverWith([], denied), 'default'), isDenied);
      }
    });
  }

  it('are not assumed complete after any other failure', async () => {
    for (const code of [5, 14, 16]) {
      await assert.rejects(check(serverWith([], { list: code })), (error) => !isDenied(error));
    }
  });
});
