import assert from 'node:assert/strict';
import {
  encrypted,
  ORIGIN,
  startTestServer,
  valueOf,
  payloadsOf,
  type TestServer,
} from './codec-server-fixture.js';

const FOREIGN = 'https://evil.test';

/** What the Web UI's browser asks before it sends. */
const preflight = (origin: string) => ({
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,authorization-extras,content-type,x-namespace',
  },
});

describe('the codec server and the pages of a browser', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ origins: ['http://localhost:8233', ORIGIN] });
  });
  after(() => server.close());

  it('answers the preflight of an allowed origin', async () => {
    for (const path of ['/decode', '/encode', '/default/decode']) {
      const { status, headers } = await server.ask('OPTIONS', path, preflight(ORIGIN));
      assert.equal(status, 204);
      assert.equal(headers['access-control-allow-origin'], ORIGIN);
      assert.equal(headers['access-control-allow-methods'], 'POST');
      const allowed = String(headers['access-control-allow-headers']).toLowerCase().split(',');
      assert.deepEqual(allowed.sort(), [
        'authorization',
        'authorization-extras',
        'content-type',
        'x-namespace',
      ]);
      assert.match(String(headers.vary), /Origin/);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
  });

  it('lets only a page of an allowed origin read its answers and refusals', async () => {
    const payloads = [await encrypted('x')];
    const answer = await server.post('/decode', { payloads }, { origin: ORIGIN });
    assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
    assert.equal(valueOf(payloadsOf(answer)[0]!), 'x');
    const refused = await server.post('/decode', [], { origin: ORIGIN });
    assert.equal(refused.status, 400);
    assert.equal(refused.headers['access-control-allow-origin'], ORIGIN);
  });

  it('decodes nothing for a page of another origin, and lets it read nothing', async () => {
    const payloads = [await encrypted('x')];
    const before = (await server.lines(0)).length;
    for (const answer of [
      await server.post('/decode', { payloads }, { origin: FOREIGN }),
      await server.ask('OPTIONS', '/decode', preflight(FOREIGN)),
    ]) {
      assert.equal(answer.status, 403);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    const [line] = (await server.lines(before + 2)).slice(before);
    assert.equal(line!['decoded'], undefined);
    assert.equal(line!['origin'], FOREIGN);
    assert.equal(line!['reason'], 'foreign origin');
  });

  it('serves requests without an origin, such as the CLI’s', async () => {
    const answer = await server.post('/decode', { payloads: [await encrypted('x')] });
    assert.equal(valueOf(payloadsOf(answer)[0]!), 'x');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  it('serves no page when no origin is allowed', async () => {
    const alone = await startTestServer({ origins: [] });
    try {
      assert.equal((await alone.post('/decode', {}, { origin: ORIGIN })).status, 403);
      assert.equal((await alone.post('/decode', {})).status, 200);
    } finally {
      await alone.close();
    }
  });

  it('refuses proxied requests while it requires no token', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'via']) {
      const { status } = await server.post('/decode', {}, { [header]: '1.1 proxy' });
      assert.equal(status, 403, header);
    }
  });
});
