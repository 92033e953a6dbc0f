import assert from 'node:assert/strict';
import { MAX_PAYLOADS } from '../../src/codec-server/payload-json.js';
import { ORIGIN, SECRET_TEXT, startTestServer, type TestServer } from './codec-server-fixture.js';

const TOKEN = 'a-token-of-more-than-32-characters';
const JSON_TYPE = { 'content-type': 'application/json' };
const AUTHORIZED = { ...JSON_TYPE, authorization: `Bearer ${TOKEN}` };
const SECRET_BODY = JSON.stringify({ payloads: [{ data: Buffer.from(SECRET_TEXT).toString('base64') }] });
const body = (payloads: unknown) => JSON.stringify({ payloads });

interface Case {
  status: number;
  it: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  /** What the audit line says. */
  reason?: string;
  answered?: Record<string, string | RegExp>;
}

const CASES: Case[] = [
  { status: 200, it: 'payloads' },
  { status: 200, it: 'an empty body: no payloads', body: '' },
  { status: 200, it: 'payloads of an allowed page', headers: { ...AUTHORIZED, origin: ORIGIN } },
  {
    status: 200,
    it: 'JSON with a charset',
    headers: { ...AUTHORIZED, 'content-type': 'application/json; charset=UTF-8' },
  },
  {
    status: 200,
    it: 'the scheme in lower case',
    headers: { ...JSON_TYPE, authorization: `bearer ${TOKEN}` },
  },
  { status: 400, it: 'what is not JSON', body: `{"payloads": ${SECRET_TEXT}`, reason: 'malformed body' },
  ...[
    ['an array', '[]'],
    ['a number', '7'],
    ['payloads that are not an array', body({})],
    ['a payload that is not an object', body(['x'])],
    ['a payload that is an array', body([[]])],
    ['data that is not base64', body([{ data: `${SECRET_TEXT} é` }])],
    ['data of a length that no base64 has', body([{ data: 'abcde' }])],
    ['data with too much padding', body([{ data: 'abc==' }])],
    ['data that is not a string', body([{ data: 7 }])],
    ['metadata that is not an object', body([{ metadata: 'x' }])],
    ['metadata of another type', body([{ metadata: { encoding: 1 } }])],
  ].map(([it = '', text = '']) => ({ status: 400, it, body: text, reason: 'malformed body' })),
  {
    status: 401,
    it: 'no token',
    headers: JSON_TYPE,
    reason: 'no Authorization header',
    answered: { 'www-authenticate': 'Bearer realm="durable-sms codec server"' },
  },
  {
    status: 401,
    it: 'another scheme',
    headers: { ...JSON_TYPE, authorization: `Basic ${TOKEN}` },
    reason: 'Authorization is not Bearer',
  },
  ...[`${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), 'x'].map((token) => ({
    status: 401,
    it: `the token ${token}`,
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
    reason: 'wrong token',
    answered: { 'www-authenticate': /error="invalid_token"/ },
  })),
  {
    status: 401,
    it: 'no token with a body that is not JSON: it is not read',
    headers: JSON_TYPE,
    body: '{',
    reason: 'no Authorization header',
  },
  ...['https://temporal.example.evil.test', 'http://temporal.example', `${ORIGIN}:8443`, 'null', '*'].map(
    (origin) => ({
      status: 403,
      it: `a page of ${origin}`,
      headers: { ...AUTHORIZED, origin },
      reason: 'foreign origin',
    }),
  ),
  {
    status: 403,
    it: 'the preflight of another origin',
    method: 'OPTIONS',
    headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    reason: 'foreign origin',
  },
  { status: 404, it: '/', path: '/', method: 'GET', reason: 'no such path' },
  { status: 404, it: '/decode/', path: '/decode/', reason: 'no such path' },
  { status: 404, it: '/download', path: '/download', reason: 'no such path' },
  { status: 404, it: 'a path that cannot be unescaped', path: '/%E0%A4%A/x', reason: 'no such path' },
  ...['GET', 'PUT', 'DELETE', 'PATCH'].map((method) => ({
    status: 405,
    it: `${method} /decode`,
    method,
    reason: 'wrong method',
    answered: { allow: 'POST, OPTIONS' },
  })),
  {
    status: 405,
    it: 'POST /healthz',
    path: '/healthz',
    reason: 'wrong method',
    answered: { allow: 'GET, HEAD' },
  },
  {
    status: 413,
    it: 'more than 8 MiB',
    body: body([{ data: 'A'.repeat(8 * 1024 * 1024) }]),
    reason: 'body too large',
  },
  {
    status: 413,
    it: 'more than 10,000 payloads',
    body: body(Array.from({ length: MAX_PAYLOADS + 1 }, () => ({}))),
    reason: 'too many payloads',
  },
  {
    status: 415,
    it: 'another type',
    headers: { ...AUTHORIZED, 'content-type': 'text/plain' },
    reason: 'not JSON',
  },
  { status: 415, it: 'no type', headers: { authorization: `Bearer ${TOKEN}` }, reason: 'not JSON' },
  {
    status: 415,
    it: 'a compressed body',
    headers: { ...AUTHORIZED, 'content-encoding': 'gzip' },
    reason: 'compressed body',
  },
  {
    status: 415,
    it: 'another charset',
    headers: { ...AUTHORIZED, 'content-type': 'application/json; charset=latin1' },
    reason: 'not UTF-8',
  },
  {
    status: 500,
    it: 'JSON too deeply nested to be written back, and shows nothing of it',
    body: `{"payloads":[{"unknown":${'['.repeat(100_000)}"${SECRET_TEXT}"${']'.repeat(100_000)}}]}`,
    reason: 'internal error',
  },
];

describe('the codec server answers', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer({ access: { kind: 'token', token: TOKEN } });
  });
  afterEach(() => server.close());

  for (const entry of CASES)
    it(`${entry.status} to ${entry.it}`, async () => {
      const { method = 'POST', path = '/decode', headers = AUTHORIZED } = entry;
      const sent = method === 'POST' ? { body: entry.body ?? SECRET_BODY } : {};
      const answer = await server.ask(method, path, { headers, ...sent });
      assert.equal(answer.status, entry.status, answer.text);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['x-powered-by'], undefined);
      assert.equal(answer.headers.etag, undefined);
      for (const [name, value] of Object.entries(entry.answered ?? {}))
        assert.match(
          String(answer.headers[name]),
          value instanceof RegExp ? value : new RegExp(`^${value}$`),
        );

      const lines = await server.lines(1);
      const line = lines.at(-1)!;
      assert.equal(line['status'], entry.status);
      assert.equal(line['reason'], entry.reason);
      assert.equal(line['path'], path);
      assert.equal(line['method'], method);
      assert.equal(line['level'], entry.status < 400 ? 30 : 40);
      if (entry.status === 500) assert.equal(answer.text, '{"message":"Internal error."}');
      if (entry.status >= 400) {
        assert.equal(typeof (JSON.parse(answer.text) as { message: unknown }).message, 'string');
        assert.ok(!answer.text.includes(SECRET_TEXT));
        assert.ok(!answer.text.includes(TOKEN));
      }
      assert.ok(!server.log().includes(SECRET_TEXT));
      assert.ok(!server.log().includes(TOKEN));
    });

  it('200 to GET and HEAD /healthz, without a token, from any page, and without an audit line', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status } = await server.ask(method, '/healthz', { headers: { origin: 'https://evil.test' } });
      assert.equal(status, 200);
    }
    await server.ask('GET', '/');
    assert.deepEqual(
      (await server.lines(1)).map(({ path }) => path),
      ['/'],
    );
  });
});
