import assert from 'node:assert/strict';
import { ORIGIN, startTestServer, type TestServer } from './codec-server-fixture.js';

const TOKEN = 'a-token-of-more-than-32-characters';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const LIMIT = 3;

describe('the rate limit of the codec server', () => {
  let server: TestServer;
  const start = async (changes: Parameters<typeof startTestServer>[0] = {}) => {
    server = await startTestServer({
      access: { kind: 'token', token: TOKEN },
      requestsPerMinute: LIMIT,
      ...changes,
    });
  };
  afterEach(() => server.close());

  const statuses = async (count: number, headers: Record<string, string>) => {
    const got: number[] = [];
    for (let index = 0; index < count; index++) got.push((await server.post('/decode', {}, headers)).status);
    return got;
  };

  it('refuses a caller above the limit, and says when to retry', async () => {
    await start();
    assert.deepEqual(await statuses(LIMIT, AUTHORIZED), [200, 200, 200]);
    const answer = await server.post('/decode', {}, AUTHORIZED);
    assert.equal(answer.status, 429);
    const seconds = Number(answer.headers['retry-after']);
    assert.ok(seconds > 0 && seconds <= 60, answer.headers['retry-after']);
    assert.equal((await server.lines(LIMIT + 1)).at(-1)!['reason'], 'rate limit (caller)');
  });

  it('refuses an address that guesses tokens, even once it sends the right one', async () => {
    await start();
    assert.deepEqual(await statuses(LIMIT + 1, { authorization: 'Bearer wrong' }), [401, 401, 401, 429]);
    assert.deepEqual(await statuses(1, AUTHORIZED), [429]);
    assert.equal((await server.lines(LIMIT + 2)).at(-1)!['reason'], 'rate limit (wrong token)');
  });

  for (const access of [{ kind: 'token', token: TOKEN }, { kind: 'open' }] as const) {
    it(`locks nobody out because another page floods it (${access.kind})`, async () => {
      await start({ access });
      const foreign = { ...AUTHORIZED, origin: 'https://evil.test' };
      assert.deepEqual(new Set(await statuses(LIMIT * 3, foreign)), new Set([403]));
      // An image or a link says nothing of the page that it is on.
      for (let count = 0; count < LIMIT * 3; count++) {
        assert.equal((await server.ask('GET', '/decode', { headers: AUTHORIZED })).status, 405);
        assert.equal((await server.ask('GET', '/other', {})).status, 404);
      }
      assert.deepEqual(await statuses(LIMIT, { ...AUTHORIZED, origin: ORIGIN }), [200, 200, 200]);
    });
  }

  it('counts requests refused for other reasons than their token towards the caller’s limit', async () => {
    await start();
    const noJson = { ...AUTHORIZED, 'content-type': 'text/plain' };
    assert.deepEqual(await statuses(LIMIT + 1, noJson), [415, 415, 415, 429]);
    assert.equal((await server.lines(LIMIT + 1)).at(-1)!['reason'], 'rate limit (caller)');
  });

  for (const [whose, headers] of [
    ['a caller', AUTHORIZED],
    ['wrong tokens', { authorization: 'Bearer wrong' }],
  ] as const) {
    it(`lets an allowed page read the refusal of ${whose}, and when to retry`, async () => {
      await start();
      await statuses(LIMIT, headers);
      const answer = await server.post('/decode', {}, { ...headers, origin: ORIGIN });
      assert.equal(answer.status, 429);
      assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
      assert.equal(answer.headers['access-control-expose-headers'], 'Retry-After');
      assert.ok(Number(answer.headers['retry-after']) > 0, answer.headers['retry-after']);
      // What the browser asks before is never refused: it would not say why.
      const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST' };
      assert.equal((await server.ask('OPTIONS', '/decode', { headers: preflight })).status, 204);
    });
  }

  it('ignores headers about the address', async () => {
    await start();
    const forwarded = (host: number) => ({ authorization: 'Bearer x', 'x-forwarded-for': `192.0.2.${host}` });
    const got: number[] = [];
    for (let host = 1; host <= LIMIT + 1; host++) got.push(...(await statuses(1, forwarded(host))));
    assert.deepEqual(got, [401, 401, 401, 429]);
    assert.ok((await server.lines(LIMIT + 1)).every(({ address }) => address === '127.0.0.1'));
  });

  it('takes the address from a trusted proxy', async () => {
    await start({ trustedProxies: ['loopback'] });
    const from = (address: string) => ({ ...AUTHORIZED, 'x-forwarded-for': `203.0.113.9, ${address}` });
    assert.deepEqual(await statuses(LIMIT + 1, from('192.0.2.1')), [200, 200, 200, 429]);
    assert.deepEqual(await statuses(1, from('192.0.2.2')), [200]);
    assert.equal((await server.lines(LIMIT + 2)).at(-1)!['address'], '192.0.2.2');
  });
});
