import assert from 'node:assert/strict';
import { describeNetworkError, failsBeforeWriting } from '../../src/provider/network-errors.js';

const ADDRESS = '203.0.113.7:443';

function networkError(fields: { code?: unknown; syscall?: string }): Error {
  return Object.assign(new Error(`it failed at ${ADDRESS}`), fields);
}

/** As `fetch` throws it. */
const wrapped = (cause: unknown) => new TypeError('fetch failed', { cause });

const BEFORE: Record<string, unknown> = {
  'an unknown host': networkError({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
  'a refused connection': networkError({ code: 'ECONNREFUSED', syscall: 'connect' }),
  'a connect time-out': networkError({ code: 'UND_ERR_CONNECT_TIMEOUT' }),
  'a time-out of the call connect': networkError({ code: 'ETIMEDOUT', syscall: 'connect' }),
  'several addresses, all refused': new AggregateError([
    networkError({ code: 'ECONNREFUSED', syscall: 'connect' }),
    networkError({ code: 'EHOSTUNREACH', syscall: 'connect' }),
  ]),
};

const IN_DOUBT: Record<string, unknown> = {
  'a reset': networkError({ code: 'ECONNRESET', syscall: 'read' }),
  'a broken pipe': networkError({ code: 'EPIPE', syscall: 'write' }),
  'a socket that was closed': networkError({ code: 'UND_ERR_SOCKET' }),
  'a headers time-out': networkError({ code: 'UND_ERR_HEADERS_TIMEOUT' }),
  'several addresses, one in doubt': new AggregateError([
    networkError({ code: 'ECONNREFUSED', syscall: 'connect' }),
    networkError({ code: 'ECONNRESET', syscall: 'read' }),
  ]),
  'an error without a code': networkError({}),
  'an empty list of errors': new AggregateError([]),
  'no error': undefined,
  'a text': 'ECONNREFUSED',
};

describe('a network error', () => {
  for (const [what, error] of Object.entries(BEFORE)) {
    it(`proves by itself that nothing was written: ${what}`, () => {
      assert.equal(failsBeforeWriting(error), true);
      assert.equal(failsBeforeWriting(wrapped(error)), true);
    });
  }

  for (const [what, error] of Object.entries(IN_DOUBT)) {
    it(`proves nothing by itself: ${what}`, () => {
      assert.equal(failsBeforeWriting(error), false);
      assert.equal(failsBeforeWriting(wrapped(error)), false);
    });
  }

  it('is described by its code, never by its message', () => {
    for (const error of Object.values({ ...BEFORE, ...IN_DOUBT })) {
      assert.match(describeNetworkError(wrapped(error)), /^the connection failed(: [A-Z_]+)?$/);
    }
    const reset = wrapped(networkError({ code: 'ECONNRESET' }));
    assert.equal(describeNetworkError(reset), 'the connection failed: ECONNRESET');
  });

  it('is not described by a malformed code', () => {
    for (const code of [`x ${ADDRESS}`, 7, '']) {
      assert.equal(describeNetworkError(networkError({ code })), 'the connection failed');
    }
  });
});
