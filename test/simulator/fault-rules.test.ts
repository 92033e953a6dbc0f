import assert from 'node:assert/strict';
import { InvalidFaultRuleError } from '../../tools/simulator/fault-rule.js';
import { PHONE_OFFLINE_MS } from '../../tools/simulator/fault-rules.js';
import { send, sendAndRead, useSimulator } from './simulator-fixture.js';

describe('simulator: fault rules', () => {
  let now = 1_800_000_000_000;
  const simulator = useSimulator({ now: () => now });

  const statuses = async (...recipients: string[]) => {
    const found: number[] = [];
    for (const recipient of recipients)
      found.push((await send(simulator(), { recipients: recipient })).status);
    return found;
  };
  const many = (count: number) => Array.from({ length: count }, () => '+33639980001');

  it('strikes the next N sends', async () => {
    simulator().setFaults({ kind: 'http-500', times: 2 });
    assert.deepEqual(await statuses(...many(3)), [500, 500, 200]);
    assert.deepEqual(simulator().faults(), []);
  });

  it('strikes only a whole number', async () => {
    simulator().setFaults({ kind: 'http-500', number: '+33639980002' });
    assert.deepEqual(await statuses('+33639980001', '+33639980002'), [200, 500]);
  });

  it('strikes numbers by their last digits', async () => {
    simulator().setFaults({ kind: 'http-500', number: '02' });
    assert.deepEqual(await statuses('+33639980001', '+33639980002', '+33639980102'), [200, 500, 500]);
  });

  it('applies the first rule that matches, before a magic number', async () => {
    simulator().setFaults([
      { kind: 'http-500', times: 1 },
      { kind: 'http-502', times: 1 },
    ]);
    assert.deepEqual(await statuses(...many(3)), [500, 502, 200]);
    simulator().setFaults({ kind: 'http-500' });
    assert.deepEqual(await statuses('+33639984030'), [500]);
  });

  it('strikes at random, reproducibly for the same seed', async () => {
    const run = async (seed: number) => {
      simulator().setFaults({ kind: 'http-500', probability: 0.5, seed });
      return statuses(...many(24));
    };
    const first = await run(7);
    assert.deepEqual(await run(7), first);
    assert.notDeepEqual(await run(8), first);
    assert.ok(first.includes(500) && first.includes(200));
  });

  it('draws once for a random reset before reading', async () => {
    simulator().setFaults({ kind: 'reset-before-read', probability: 0 });
    assert.deepEqual(await statuses(...many(3)), [200, 200, 200]);
  });

  it('expires', async () => {
    simulator().setFaults({ kind: 'http-500', forMs: 1_000 });
    assert.deepEqual(await statuses(...many(1)), [500]);
    now += 1_000;
    assert.deepEqual(await statuses(...many(1)), [200]);
  });

  for (const [how, number] of [
    ['a rule', '+33639980001'],
    ['a magic number', '+33639980200'],
  ] as const) {
    it(`takes a phone offline for a while by ${how}`, async () => {
      if (how === 'a rule') simulator().setFaults({ kind: 'phone-offline' });
      const errorOf = async () =>
        (await sendAndRead(simulator(), { recipients: number })).body.result['error'];
      assert.equal(await errorOf(), 2);
      now += PHONE_OFFLINE_MS - 1;
      assert.equal(await errorOf(), 2);
      now += 1;
      assert.equal(await errorOf(), 0);
    });
  }

  it('appends to the rules in force, and replaces them with setFaults', () => {
    simulator().setFaults({ kind: 'http-500' });
    simulator().addFaults({ kind: 'http-502' });
    assert.deepEqual(
      simulator()
        .faults()
        .map(({ rule }) => rule.kind),
      ['http-500', 'http-502'],
    );
    simulator().setFaults([]);
    assert.deepEqual(simulator().faults(), []);
  });

  it('combines a fault of the reply with a row that never appears', async () => {
    simulator().setFaults({ kind: 'http-500', recorded: true, rowMissing: true });
    assert.deepEqual(await statuses(...many(1)), [500]);
    assert.equal((await simulator().waitForMessage()).recipient, '+33639980001');
  });

  it('refuses an invalid rule, and keeps the ones in force', () => {
    simulator().setFaults({ kind: 'http-500' });
    const refuse = (rule: object, message: RegExp) => {
      assert.throws(
        () => simulator().setFaults(rule as { kind: 'stall' }),
        (error) => error instanceof InvalidFaultRuleError && message.test(error.message),
      );
    };
    refuse({ kind: 'nonsense' }, /kind/);
    refuse({ kind: 'stall', times: 0 }, /times/);
    refuse({ kind: 'stall', number: 'abc' }, /number: Use a complete number/);
    refuse({ kind: 'http-400', recorded: true }, /recorded: http-400 has a known outcome/);
    refuse({ kind: 'log-500', number: '1' }, /number/);
    refuse({ kind: 'stall', tims: 1 }, /tims/);
    assert.equal(simulator().faults().length, 1);
  });
});
