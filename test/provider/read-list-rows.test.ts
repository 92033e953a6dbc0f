import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProviderReply } from '../../src/provider/classify-reply.js';
import { readListRows } from '../../src/provider/read-list-rows.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECRET = 'STOP-Z9Q';
const read = (body: string, changes: Partial<ProviderReply> = {}) =>
  readListRows({ status: 200, body, ...changes }, ['sms', 'list'], NOW);
const ofResult = (result: unknown) => read(JSON.stringify({ result }));
const row = { number: '1', message: SECRET };

describe('the rows of a list', () => {
  for (const [result, rows] of [
    [{ error: null, sms: [row] }, [row]],
    [{ error: null, list: [row] }, [row]],
    [{ sms: [] }, []],
    [{ error: '', sms: [] }, []],
    [{ error: 0, sms: [] }, []],
    [{ error: false, sms: [] }, []],
    [{ error: 'none', sms: [] }, []],
    [{ error: 'no message', sms: [] }, []],
    [{ error: 'No new SMS', sms: [] }, []],
    [{ error: 'sms_not_found', sms: [] }, []],
    [{ error: 'inbox empty', sms: [] }, []],
    // Where there are rows, the error says nothing.
    [{ error: 'message not found', sms: [row] }, [row]],
    [{ error: '1', sms: [row] }, [row]],
    // PHP writes a list with gaps as an object.
    [{ sms: { 0: row, 2: row } }, [row, row]],
    [{ sms: row }, [row]],
    [{ sms: {} }, []],
  ] as const) {
    it(`are read from ${JSON.stringify(result)}`, () => {
      assert.deepEqual(ofResult(result), { kind: 'rows', rows });
    });
  }

  for (const [result, code, reason] of [
    [{}, 'PROVIDER_UNAVAILABLE', 'the result contained no list'],
    [{ error: null, sms: null }, 'PROVIDER_UNAVAILABLE', 'the result contained no list'],
    [{ sms: SECRET }, 'PROVIDER_UNAVAILABLE', 'the result contained no list'],
    [{ error: 'no message', sms: null }, 'PROVIDER_UNAVAILABLE', 'the result contained no list'],
    [{ error: 'database', sms: [] }, 'PROVIDER_UNAVAILABLE', 'the provider reported an error'],
    [{ error: 'service not available', sms: [] }, 'PROVIDER_UNAVAILABLE', 'the provider reported an error'],
    [{ error: 2, sms: [] }, 'PROVIDER_UNAVAILABLE', 'the provider reported an error'],
    [{ error: true, sms: [] }, 'PROVIDER_UNAVAILABLE', 'the provider reported an error'],
    [{ error: { text: SECRET }, sms: [] }, 'PROVIDER_UNAVAILABLE', 'the provider reported an error'],
    [{ error: 1, sms: [] }, 'API_KEY_INVALID', 'the API key was refused'],
    [{ error: 'subscription_expire', sms: [] }, 'API_KEY_INVALID', 'the API key was refused'],
    [{ error: 'API key not found', sms: [] }, 'API_KEY_INVALID', 'the API key was refused'],
    [{ error: 'unauthorized' }, 'API_KEY_INVALID', 'the API key was refused'],
  ] as const) {
    it(`cannot be read from ${JSON.stringify(result)}`, () => {
      assert.deepEqual(ofResult(result), { kind: 'unreadable', code, reason, httpStatus: 200 });
    });
  }

  const refused = JSON.stringify({ error: 'forbidden', message: SECRET });
  for (const [name, body, changes, code, reason, more] of [
    ['an empty body', ' ', {}, 'PROVIDER_UNAVAILABLE', 'the reply was empty', {}],
    ['HTML', `<html>${SECRET}</html>`, {}, 'PROVIDER_UNAVAILABLE', 'the reply was not a JSON object', {}],
    [
      'half of JSON',
      `{"result":{"sms":["${SECRET}"`,
      {},
      'PROVIDER_UNAVAILABLE',
      'the reply was not a JSON object',
      {},
    ],
    ['a JSON list', `["${SECRET}"]`, {}, 'PROVIDER_UNAVAILABLE', 'the reply was not a JSON object', {}],
    ['JSON without result', `{"sms":[]}`, {}, 'PROVIDER_UNAVAILABLE', 'the reply contained no result', {}],
    [
      'a result that is a list',
      `{"result":[]}`,
      {},
      'PROVIDER_UNAVAILABLE',
      'the reply contained no result',
      {},
    ],
    ['a cut body', '{', { cut: 'broken' }, 'PROVIDER_UNAVAILABLE', 'the reply was cut off', {}],
    ['a body too large', '{', { cut: 'too-large' }, 'PROVIDER_UNAVAILABLE', 'the reply was too large', {}],
    ['a 401 of the provider', refused, { status: 401 }, 'API_KEY_INVALID', 'the API key was refused', {}],
    ['a 403 of the provider', refused, { status: 403 }, 'API_KEY_INVALID', 'the API key was refused', {}],
    ['a 403 of a firewall', '<html>', { status: 403 }, 'PROVIDER_UNAVAILABLE', 'the reply was HTTP 403', {}],
    ['a 400', refused, { status: 400 }, 'PROVIDER_UNAVAILABLE', 'the reply was HTTP 400', {}],
    ['a redirect', '', { status: 302 }, 'PROVIDER_UNAVAILABLE', 'the reply was HTTP 302', {}],
    ['a 429', '', { status: 429 }, 'RATE_LIMITED', 'too many requests', {}],
    [
      'a 429 with a wait',
      '',
      { status: 429, retryAfter: '7' },
      'RATE_LIMITED',
      'too many requests',
      { retryAfterMs: 7_000 },
    ],
    [
      'a 503 with a date',
      '',
      { status: 503, retryAfter: new Date(NOW + 5_000).toUTCString() },
      'PROVIDER_UNAVAILABLE',
      'the reply was HTTP 503',
      { retryAfterMs: 5_000 },
    ],
  ] as const) {
    it(`cannot be read from ${name}`, () => {
      const httpStatus = 'status' in changes ? changes.status : 200;
      assert.deepEqual(read(body, changes), { kind: 'unreadable', code, reason, httpStatus, ...more });
    });
  }

  it('never throw, and never quote the reply, whatever it holds', () => {
    const results = fc.record(
      { error: fc.jsonValue(), sms: fc.jsonValue(), list: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(results, fc.jsonValue()), fc.integer({ min: 200, max: 599 }), (result, status) => {
        const list = read(JSON.stringify({ result }), { status });
        if (list.kind === 'unreadable') assert.match(list.reason, /^[A-Za-z 0-9]+$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
