import assert from 'node:assert/strict';
import { createSmsClient, type SmsClientOptions } from '../../src/client.js';

const SECRET = 'k-secret';

describe('what a client sends with each request', () => {
  const cases: readonly (readonly [Partial<SmsClientOptions>, RegExp])[] = [
    [{ connection: { apiKey: `${SECRET}\n` } }, /^connection\.apiKey contains a character/],
    [
      { connection: { metadata: { 'x-a': `${SECRET}\r` } } },
      /^connection\.metadata: the name or value of an entry contains/,
    ],
    [{ connection: { metadata: { [SECRET.concat(' ')]: '' } } }, /^connection\.metadata: the name or value/],
    [{ namespace: `${SECRET}\n` }, /^namespace contains a character/],
    [
      { connection: { address: `https://u:${SECRET}@host` } },
      /^connection is not valid: address must be host:port/,
    ],
  ];
  for (const [options, words] of cases) {
    it(`is refused at once when no header can carry it: ${words.source.slice(1, 30)}`, () => {
      assert.throws(
        () => createSmsClient({ payloadKeys: 'off', ...options }),
        (error) =>
          error instanceof RangeError && words.test(error.message) && !error.message.includes(SECRET),
      );
    });
  }

  it('is refused at each call when the API key comes from a function', async () => {
    for (const apiKey of [() => `${SECRET}\n`, () => assert.fail(SECRET)]) {
      const client = createSmsClient({ payloadKeys: 'off', connection: { apiKey } });
      await assert.rejects(client.count(), {
        code: 'TEMPORAL_REFUSED',
        message: /^Temporal was not called/,
      });
      await client.close();
    }
  });
});
