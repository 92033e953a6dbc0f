import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import type { CodecServerAccess } from '../../src/codec-server/codec-server-config.js';
import {
  ORIGIN,
  encrypted,
  payloadsOf,
  startTestServer,
  valueOf,
  type TestServer,
} from './codec-server-fixture.js';

const ISSUER = 'https://login.example/';
const AUDIENCE = 'https://codec.example';
const KID = 'key-1';

/** How long the library asks for no key set after one that it got. */
const KEY_SET_COOLDOWN_MS = 30_000;

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A claim that is undefined is left out. */
interface TokenOptions {
  claims?: Record<string, unknown>;
  alg?: string;
  kid?: string;
  key?: Parameters<SignJWT['sign']>[0];
}

/** An identity provider's key set, over HTTP. */
async function startJwks(keys: object[]) {
  let status = 200;
  let fetched = 0;
  const server = createServer((_request, response) => {
    fetched++;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`),
    fail: () => (status = 503),
    recover: () => (status = 200),
    fetched: () => fetched,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const inSeconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

describe('the codec server, with tokens of an identity provider,', () => {
  let pair: KeyPair;
  let elliptic: KeyPair;
  let other: KeyPair;
  let jwks: Awaited<ReturnType<typeof startJwks>>;
  let access: Extract<CodecServerAccess, { kind: 'jwt' }>;
  let server: TestServer;
  before(async () => {
    pair = await generateKeyPair('RS256', { extractable: true });
    other = await generateKeyPair('RS256');
    elliptic = await generateKeyPair('ES256', { extractable: true });
    jwks = await startJwks([
      { ...(await exportJWK(pair.publicKey)), kid: KID, use: 'sig' },
      { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', use: 'sig' },
    ]);
    access = { kind: 'jwt', jwksUrl: jwks.url, issuer: ISSUER, audience: AUDIENCE, subjects: undefined };
    server = await startTestServer({ access });
  });
  after(async () => {
    await server.close();
    await jwks.close();
  });

  const claimsWith = (claims: Record<string, unknown> = {}): JWTPayload => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'user|1',
    exp: inSeconds(300),
    ...claims,
  });
  const sign = ({ claims, alg = 'RS256', kid = KID, key = pair.privateKey }: TokenOptions = {}) =>
    new SignJWT(claimsWith(claims)).setProtectedHeader({ alg, kid }).sign(key);
  const ask = async (token: string, on = server) =>
    on.post('/decode', { payloads: [await encrypted('x')] }, { authorization: `Bearer ${token}` });

  it('accepts a valid one, also beside the Web UI’s second token, and logs its subject', async () => {
    const answer = await server.post(
      '/decode',
      { payloads: [await encrypted('x')] },
      { authorization: `Bearer ${await sign()}`, 'authorization-extras': 'an-id-token', origin: ORIGIN },
    );
    assert.equal(valueOf(payloadsOf(answer)[0]!), 'x');
    const line = (await server.lines(1)).at(-1)!;
    assert.equal(line['caller'], 'user|1');
    assert.ok(!server.log().includes('an-id-token'));
  });

  for (const [name, options] of Object.entries<() => TokenOptions>({
    'another algorithm of the key set': () => ({ alg: 'ES256', kid: 'elliptic', key: elliptic.privateKey }),
    'several audiences, one of them ours': () => ({ claims: { aud: ['https://other.example', AUDIENCE] } }),
    'a clock that is 10 s ahead or behind': () => ({ claims: { exp: inSeconds(-10), nbf: inSeconds(10) } }),
  }))
    it(`accepts one with ${name}`, async () => {
      assert.equal((await ask(await sign(options()))).status, 200);
    });

  for (const [name, { options, reason }] of Object.entries<{ options: () => TokenOptions; reason: string }>({
    'of another issuer': { options: () => ({ claims: { iss: 'https://login.example' } }), reason: 'iss' },
    'without an issuer': { options: () => ({ claims: { iss: undefined } }), reason: 'iss' },
    'for another audience': { options: () => ({ claims: { aud: 'https://other.example' } }), reason: 'aud' },
    'without an audience': { options: () => ({ claims: { aud: undefined } }), reason: 'aud' },
    'that has expired': { options: () => ({ claims: { exp: inSeconds(-300) } }), reason: 'expired' },
    'that never expires': { options: () => ({ claims: { exp: undefined } }), reason: 'exp' },
    'that is not valid yet': { options: () => ({ claims: { nbf: inSeconds(300) } }), reason: 'nbf' },
    'without a subject': { options: () => ({ claims: { sub: undefined } }), reason: 'sub' },
    'with an empty subject': { options: () => ({ claims: { sub: '' } }), reason: 'sub' },
    'signed with another key': {
      options: () => ({ key: other.privateKey }),
      reason: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    },
    'of a key that is not in the set': {
      options: () => ({ kid: 'key-9' }),
      reason: 'ERR_JWKS_NO_MATCHING_KEY',
    },
  }))
    it(`refuses one ${name}`, async () => {
      const token = await sign(options());
      await assertRefused(token, reason);
    });

  async function assertRefused(token: string, reason: string): Promise<void> {
    const before = (await server.lines(0)).length;
    const answer = await ask(token);
    assert.equal(answer.status, 401, answer.text);
    assert.match(String(answer.headers['www-authenticate']), /^Bearer .*error="invalid_token"$/);
    const line = (await server.lines(before + 1)).at(-1)!;
    assert.equal(line['reason'], `JWT: ${reason}`);
    assert.equal(line['caller'], undefined);
    assert.ok(!server.log().includes(token));
    assert.ok(!answer.text.includes(token));
  }

  it('refuses an unsigned one (alg none)', async () => {
    await assertRefused(new UnsecuredJWT(claimsWith()).encode(), 'ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it('refuses one signed with HS256 and the public key as the secret', async () => {
    const publicKey = Buffer.from(await exportSPKI(pair.publicKey));
    await assertRefused(await sign({ alg: 'HS256', key: publicKey }), 'ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it('refuses one whose claims were changed', async () => {
    const [header = '', , signature = ''] = (await sign()).split('.');
    const changed = Buffer.from(JSON.stringify(claimsWith({ sub: 'admin' }))).toString('base64url');
    await assertRefused([header, changed, signature].join('.'), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });

  for (const text of ['x', 'a.b.c', '..', 'a'.repeat(10_000)])
    it(`refuses a malformed token: ${text.slice(0, 10)}`, async () => {
      assert.equal((await ask(text)).status, 401);
    });

  it('accepts only listed subjects where there is a list', async () => {
    const listed = await startTestServer({ access: { ...access, subjects: ['user|2', 'user|3'] } });
    try {
      assert.equal((await ask(await sign({ claims: { sub: 'user|3' } }), listed)).status, 200);
      assert.equal((await ask(await sign(), listed)).status, 403);
      const line = (await listed.lines(2)).at(-1)!;
      assert.equal(line['reason'], 'subject not allowed: user|1');
    } finally {
      await listed.close();
    }
  });

  it('counts the requests of each subject separately', async () => {
    const limited = await startTestServer({ access, requestsPerMinute: 2 });
    try {
      const of = async (sub: string) => (await ask(await sign({ claims: { sub } }), limited)).status;
      assert.deepEqual([await of('a'), await of('a'), await of('a'), await of('b')], [200, 200, 429, 200]);
      assert.equal((await limited.lines(3)).at(2)!['caller'], 'a');
    } finally {
      await limited.close();
    }
  });

  it('does not blame the token while the key set is unavailable, and recovers with it', async () => {
    const fresh = await startTestServer({ access });
    try {
      jwks.fail();
      const answer = await ask(await sign(), fresh);
      assert.equal(answer.status, 503);
      assert.ok(answer.headers['retry-after']);
      assert.equal((await fresh.lines(1)).at(-1)!['reason'], 'JWKS unavailable');
      jwks.recover();
      assert.equal((await ask(await sign(), fresh)).status, 200);
    } finally {
      jwks.recover();
      await fresh.close();
    }
  });

  it('caches the key set, and does not refetch it for every unknown key id', async () => {
    const before = jwks.fetched();
    const startedAt = performance.now();
    for (let count = 0; count < 20; count++) await ask(await sign({ kid: `strange-${count}` }));
    // At most one in 30 s: one, unless the machine was slower than that.
    const allowed = 1 + Math.floor((performance.now() - startedAt) / KEY_SET_COOLDOWN_MS);
    const fetched = jwks.fetched() - before;
    assert.ok(fetched <= allowed, `${fetched} fetches, ${allowed} allowed`);
  });
});
