import assert from 'node:assert/strict';
import { InvalidFaultRuleError } from '../../tools/simulator/fault-rule.js';
import { LIST_FAULTS, type ListFaultName, type ListName } from '../../tools/simulator/list-fault-catalog.js';
import {
  askList,
  KEY,
  LIST_PATHS,
  networkErrorOf,
  readList,
  send,
  until,
  useSimulator,
} from './simulator-fixture.js';

const LISTS = ['inbox', 'typed', 'phones'] as const satisfies ListName[];

describe('simulator: faults of the other lists', () => {
  const simulator = useSimulator({
    apiKeys: [
      {
        key: KEY,
        label: 'anna',
        phones: [
          { id: 'p1', label: 'Pixel' },
          { id: 'p2', label: 'Fairphone' },
        ],
      },
    ],
  });
  beforeEach(() => {
    for (const number of ['+33639980001', '+33639980002']) {
      simulator().receive({ from: number, message: 'x' });
      simulator().type({ to: number, message: 'x' });
    }
  });

  const status = (wanted: number) => async (list: ListName) => {
    assert.equal((await askList(simulator(), list)).status, wanted);
  };
  const rows = (wanted: number) => async (list: ListName) => {
    assert.equal((await readList(simulator(), list)).length, wanted);
  };
  const expectations: Record<ListFaultName, (list: ListName) => Promise<void>> = {
    '403': status(403),
    '429': async (list) => {
      const response = await askList(simulator(), list);
      assert.equal(response.status, 429);
      assert.equal(response.headers.get('retry-after'), '7');
    },
    '500': status(500),
    '503': status(503),
    html: async (list) => {
      assert.match(await (await askList(simulator(), list)).text(), /<html>/);
    },
    'no-array': async (list) => {
      await assert.rejects(readList(simulator(), list), /holds no list/);
    },
    empty: rows(0),
    'empty-body': async (list) => {
      assert.equal(await (await askList(simulator(), list)).text(), '');
    },
    'invalid-json': async (list) => {
      await assert.rejects(readList(simulator(), list), SyntaxError);
    },
    'cut-off': async (list) => {
      await assert.rejects(readList(simulator(), list), TypeError);
    },
    'missing-rows': rows(1),
    slow: rows(2),
    'slow-body': rows(2),
    stall: async (list) => {
      const caller = new AbortController();
      const stalled = assert.rejects(askList(simulator(), list, {}, { signal: caller.signal }), {
        name: 'AbortError',
      });
      await until('the stall', () => simulator().faults()[0]?.hits === 1);
      caller.abort();
      await stalled;
    },
    reset: async (list) => {
      assert.equal(await networkErrorOf(askList(simulator(), list)), 'ECONNRESET');
    },
  };

  for (const list of LISTS) {
    for (const name of Object.keys(LIST_FAULTS) as ListFaultName[]) {
      it(`${list}-${name}`, async () => {
        simulator().setFaults({
          kind: `${list}-${name}`,
          ...(name.startsWith('slow') && { delayMs: 20 }),
          ...(name === '429' && { retryAfterSeconds: 7 }),
        });
        await expectations[name](list);
        assert.equal(simulator().reads().at(-1)?.outcome, `${list}-${name}`);
        simulator().setFaults([]);
        assert.equal((await readList(simulator(), list)).length, 2);
      });
    }
  }

  it('strike one list only', async () => {
    simulator().setFaults([{ kind: 'typed-500' }, { kind: 'inbox-503', times: 1 }, { kind: 'http-500' }]);
    assert.equal((await askList(simulator(), 'inbox')).status, 503);
    assert.equal((await askList(simulator(), 'inbox')).status, 200);
    assert.equal((await askList(simulator(), 'phones')).status, 200);
    assert.equal((await askList(simulator(), 'log')).status, 200);
    assert.equal((await askList(simulator(), 'typed')).status, 500);
    assert.equal((await send(simulator())).status, 500);
  });

  it('leave out the rows of one number', async () => {
    simulator().setFaults({ kind: 'inbox-missing-rows', number: '01' });
    const [row, ...others] = await readList(simulator(), 'inbox');
    assert.deepEqual([row?.['number'], others], ['+33639980002', []]);
    assert.throws(
      () => simulator().setFaults({ kind: 'phones-missing-rows', number: '01' }),
      InvalidFaultRuleError,
    );
  });

  it('count every read, with the key replaced by its label', async () => {
    assert.equal(simulator().readCount(), 0);
    for (const list of Object.keys(LIST_PATHS) as ListName[]) await askList(simulator(), list);
    await askList(simulator(), 'inbox', { apikey: 'wrong-key-0123', after_timestamp_unix: '5' });
    assert.equal(simulator().readCount(), 5);
    assert.equal(simulator().readCount('/getsms/'), 2);
    assert.equal(simulator().requestCount(), 0);
    const [, inbox] = simulator().reads();
    assert.deepEqual([inbox?.path, inbox?.fields, inbox?.outcome], ['/getsms/', { apikey: 'anna' }, 'read']);
    const last = simulator().reads().at(-1);
    assert.deepEqual(last?.fields, { apikey: '(unknown key)', after_timestamp_unix: '5' });
    assert.equal(last.outcome, '403');
    assert.ok(!/key-of-the-tests|wrong-key/.test(JSON.stringify(simulator().reads())));
  });
});
