import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import getPort from 'get-port';
import { createSmsClient, type SmsClient, type SmsClientOptions } from '../../src/client.js';
import { everyCallOf, WAITING } from '../support/every-call.js';
import { expectSmsError } from '../support/expect-failure.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startSilentServer, type SilentServer } from '../support/silent-server.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** Longer than any test may take: a call with this limit is not what ends. */
const NEVER_MS = 3_600_000;

async function withClient<T>(
  options: Partial<SmsClientOptions>,
  work: (client: SmsClient) => Promise<T>,
): Promise<T> {
  const client = createSmsClient({ payloadKeys: 'off', ...options });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

describe('a client', function () {
  this.timeout(120_000);
  let silent: SilentServer;
  let nobody: string;
  before(async () => {
    silent = await startSilentServer();
    nobody = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  });
  after(() => {
    silent.close();
  });

  async function expectUnavailable(
    connection: { address: string },
    callTimeoutMs: number,
    words: RegExp,
  ): Promise<void> {
    await withClient({ connection, callTimeoutMs }, async (client) => {
      const calls = Object.entries(everyCallOf(client));
      await Promise.all(
        calls.map(async ([name, call]) => {
          const error = await expectSmsError(call(), 'TEMPORAL_UNAVAILABLE');
          assert.match(error.message, words, name);
        }),
      );
    });
  }

  it('does not wait for a server that accepts calls but never answers, in any method', async () => {
    await expectUnavailable({ address: silent.address }, 300, /did not answer in time/);
  });

  it('does not wait for a server that is not running, in any method', async () => {
    // A refused connection may take a while to be noticed on a busy machine.
    await expectUnavailable({ address: nobody }, 3_000, /cannot be reached/);
  });

  it('does not wait for a server that falls silent after a call, and recovers once it answers again', async () => {
    const { address } = await sharedTemporal();
    const proxy = await startTcpProxy({ port: Number(address.split(':')[1]) });
    try {
      await withClient({ connection: { address: proxy.address }, callTimeoutMs: 1_500 }, async (client) => {
        const isThere = () => expectSmsError(client.get('sms-nobody').status(), 'NOT_FOUND');
        await isThere();
        proxy.freeze();
        await Promise.all(
          Object.values(everyCallOf(client)).map((call) => expectSmsError(call(), 'TEMPORAL_UNAVAILABLE')),
        );
        await proxy.restore();
        await isThere();
      });
    } finally {
      await proxy.close();
    }
  });

  for (const [where, address] of [
    ['says nothing', () => silent.address],
    ['nobody has started, between two tries', () => nobody],
  ] as const) {
    for (const name of WAITING) {
      it(`lets ${name} be aborted when the server ${where}, and removes its listener from the signal`, async () => {
        const connection = { address: address() };
        await withClient({ connection, callTimeoutMs: NEVER_MS }, async (client) => {
          const controller = new AbortController();
          const { signal } = controller;
          const call = everyCallOf(client)[name]?.({ signal });
          assert.ok(call);
          // The first try is under way, or has failed.
          setTimeout(() => {
            controller.abort(new Error('the reason'));
          }, 50);
          // The watching ends, as it does when there is nothing more to see.
          if (name === 'watch') await call;
          else await assert.rejects(call, { message: 'the reason' });
          assert.deepEqual(getEventListeners(signal, 'abort'), []);
        });
      });
    }
  }

  it('makes no call for an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('before'));
    await withClient({ connection: { address: silent.address }, callTimeoutMs: NEVER_MS }, async (client) => {
      for (const name of WAITING) {
        const call = everyCallOf(client)[name]?.({ signal });
        if (name === 'watch') await call;
        else await assert.rejects(call ?? Promise.resolve(), { message: 'before' });
      }
    });
  });

  it('ends its calls at once when it is closed', async () => {
    const client = createSmsClient({
      connection: { address: silent.address },
      payloadKeys: 'off',
      callTimeoutMs: NEVER_MS,
    });
    const ends = Object.values(everyCallOf(client)).map((call) =>
      expectSmsError(call(), 'TEMPORAL_UNAVAILABLE'),
    );
    await client.close();
    await Promise.all(ends);
  });

  it('refuses an invalid limit', () => {
    for (const callTimeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      assert.throws(() => createSmsClient({ payloadKeys: 'off', callTimeoutMs }), {
        name: 'RangeError',
        message: /^callTimeoutMs must be a number of milliseconds from 1/,
      });
    }
  });
});
