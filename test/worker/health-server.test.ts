import assert from 'node:assert/strict';
import { startHealthServer, type HealthChecks } from '../../src/worker/health-server.js';
import { startRawServer } from '../provider/provider-fixture.js';

const fail = () => {
  throw new Error('postgres://user:secret@host');
};

/** Starts a health server, asks it once and closes it. */
async function ask(
  path: string,
  checks: { live?: HealthChecks; ready?: HealthChecks } = {},
  init: RequestInit = {},
): Promise<{ status: number; text: string }> {
  const server = await startHealthServer({
    address: '127.0.0.1:0',
    live: checks.live ?? {},
    ready: checks.ready ?? {},
  });
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    return { status: response.status, text: await response.text() };
  } finally {
    await server.close();
  }
}

describe('the health server', () => {
  it('reports that the process is healthy', async () => {
    const { status, text } = await ask('/healthz', {
      live: { worker: () => undefined },
      ready: { database: fail },
    });
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), { ok: true, failed: [] });
  });

  it('reports that the process cannot send, naming only the failed checks', async () => {
    const ready = {
      worker: () => true,
      database: () => Promise.reject(new Error('postgres://user:secret@host')),
      temporal: fail,
    };
    const { status, text } = await ask('/readyz', { ready });
    assert.equal(status, 503);
    assert.deepEqual(JSON.parse(text), { ok: false, failed: ['database', 'temporal'] });
  });

  it('reports that it can send again once all checks pass', async () => {
    let well = false;
    const server = await startHealthServer({
      address: '127.0.0.1:0',
      live: {},
      ready: {
        database: () => {
          if (!well) fail();
        },
      },
    });
    try {
      const statusNow = async () => (await fetch(`http://127.0.0.1:${server.port}/readyz`)).status;
      assert.equal(await statusNow(), 503);
      well = true;
      assert.equal(await statusNow(), 200);
    } finally {
      await server.close();
    }
  });

  it('counts a check that never ends as failed', async () => {
    const ready = { database: () => new Promise(() => undefined), worker: () => undefined };
    const { status, text } = await ask('/readyz', { ready });
    assert.equal(status, 503);
    assert.deepEqual(JSON.parse(text), { ok: false, failed: ['database'] });
  });

  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/metrics'],
    ['GET', '/healthz/'],
    ['GET', '/constructor'],
    ['POST', '/healthz'],
    ['DELETE', '/readyz'],
  ] as const) {
    it(`answers 404 to ${method} ${path}`, async () => {
      assert.equal((await ask(path, {}, { method })).status, 404);
    });
  }

  it('listens on IPv6 too', async () => {
    const server = await startHealthServer({ address: '[::1]:0', live: {}, ready: {} });
    try {
      assert.equal((await fetch(`http://[::1]:${server.port}/healthz`)).status, 200);
    } finally {
      await server.close();
    }
  });

  it('does not start on a taken port', async () => {
    const taken = await startRawServer();
    try {
      const starting = startHealthServer({ address: `127.0.0.1:${taken.port}`, live: {}, ready: {} });
      await assert.rejects(starting, { code: 'EADDRINUSE' });
    } finally {
      await taken.close();
    }
  });

  it('frees its port when it is closed, even with an open connection', async () => {
    const server = await startHealthServer({ address: '127.0.0.1:0', live: {}, ready: {} });
    await fetch(`http://127.0.0.1:${server.port}/healthz`);
    await server.close();
    const again = await startHealthServer({ address: `127.0.0.1:${server.port}`, live: {}, ready: {} });
    await again.close();
  });
});
