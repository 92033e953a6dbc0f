import assert from 'node:assert/strict';
import { takePhonesOffline } from '../../tools/chaos/faults/take-phones-offline.js';

describe('phones that go offline under fire', () => {
  it('come back after the planned time, each of its own account', async () => {
    const changes: unknown[] = [];
    const accounts = ['account 1', 'account 2'].map((label) => ({
      key: label,
      label,
      phones: [{ id: `phone of ${label}`, label, simSlots: [] }],
    }));
    await takePhonesOffline({
      offline: [{ account: 1, atMs: 0, forMs: 1 }],
      simulator: {
        accounts: accounts as never,
        setPhone(phoneId, { online, accountLabel }) {
          changes.push([phoneId, accountLabel, online]);
          return { online: online === true, battery: 1, version: '1', lastSeenAtMs: 0 };
        },
      },
      startedAtMs: Date.now(),
      signal: new AbortController().signal,
    });
    assert.deepEqual(changes, [
      ['phone of account 2', 'account 2', false],
      ['phone of account 2', 'account 2', true],
    ]);
  });
});
