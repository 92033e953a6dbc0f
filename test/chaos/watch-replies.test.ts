import assert from 'node:assert/strict';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import { makePlanWithPolicies } from '../../tools/chaos/plan/plan-with-policies.js';
import { watchReplies } from '../../tools/chaos/policies/watch-replies.js';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

const { sends } = makePlanWithPolicies({ sends: 60, seed: 1 });
const marketing = sends.find((send) => send.marketing !== undefined && send.account === 0)!;
const { recipient } = marketing;
const [plain] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;
const transactional = { ...plain!, recipient };

describe('recipients who answer', () => {
  let simulator: Simulator;
  let ending: AbortController;

  beforeEach(async () => {
    ending = new AbortController();
    const apiKeys = ['a', 'b'].map((key, index) => ({ key, label: `account ${index + 1}` }));
    simulator = await startSimulator({ apiKeys, phoneDelayMs: 0 });
  });
  afterEach(async () => {
    ending.abort();
    await simulator.close();
  });

  const watch = () =>
    watchReplies({
      replies: [{ account: 0, recipient, text: 'STOP', isOptOut: true, afterMs: 1 }],
      sends: [marketing, transactional],
      simulator,
      signal: ending.signal,
    });

  async function send(apikey: string, message: string): Promise<void> {
    const body = new URLSearchParams({ apikey, recipients: recipient, message });
    await fetch(`${simulator.url}/sendsms/`, { method: 'POST', body });
    await waitUntil('the phone', () => simulator.messages().some(({ text }) => text === message));
  }

  it('do so once, after a marketing message of the account', async () => {
    const replies = watch();
    await send('a', transactional.message);
    await send('b', marketing.message);
    assert.ok(replies.isSettled());
    await send('a', marketing.message);
    assert.ok(!replies.isSettled());
    await waitUntil('the reply', () => replies.isSettled());
    await send('a', 'another');
    assert.ok(replies.isSettled());
    assert.deepEqual(
      simulator.inbound().map(({ from, text, accountLabel }) => [from, text, accountLabel]),
      [[recipient, 'STOP', 'account 1']],
    );
    assert.deepEqual(
      replies.optOuts().map(({ account, recipient: who }) => [account, who]),
      [[0, recipient]],
    );
  });
});
