import assert from 'node:assert/strict';
import type { PhonesReading } from '../../src/domain/connected-phones.js';
import { sharePhones } from '../../src/provider/share-phones.js';

const READ: PhonesReading = { kind: 'read', phones: [], skipped: 0 };
const FAILED: PhonesReading = {
  kind: 'unreadable',
  code: 'RATE_LIMITED',
  reason: 'too many requests',
  httpStatus: 429,
};

describe('sharing readings of an account’s phones', () => {
  let nowMs = 0;
  let keys: string[] = [];
  const share = (reading: PhonesReading) =>
    sharePhones(
      ({ apiKey }) => {
        keys.push(apiKey);
        return Promise.resolve(reading);
      },
      { everyMs: 60_000, nowMs: () => nowMs },
    );
  beforeEach(() => {
    nowMs = 0;
    keys = [];
  });

  for (const reading of [READ, FAILED]) {
    it(`serves 200 who ask at once or within a minute: ${reading.kind}`, async () => {
      const read = share(reading);
      const answers = await Promise.all(Array.from({ length: 200 }, () => read({ apiKey: 'a' })));
      assert.deepEqual(new Set(answers), new Set([reading]));
      nowMs = 59_999;
      await read({ apiKey: 'a' });
      assert.deepEqual(keys, ['a']);
      nowMs = 60_000;
      await read({ apiKey: 'a' });
      assert.deepEqual(keys, ['a', 'a']);
    });
  }

  it('keeps accounts apart', async () => {
    const read = share(READ);
    await Promise.all([read({ apiKey: 'a' }), read({ apiKey: 'b' })]);
    assert.deepEqual(keys, ['a', 'b']);
  });
});
