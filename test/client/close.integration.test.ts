import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { freePort } from '../../tools/servers/free-port.js';
import { createSmsClient } from '../../src/client.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import type { CloseOrder } from '../support/close-client-in-process.js';

const SCRIPT = fileURLToPath(new URL('../support/close-client-in-process.ts', import.meta.url));

const job = { recipientPhone: '+33639981234', message: 'Bonjour', accountId: randomUUID() };

describe('a closed client', () => {
  let connection: { address: string };
  before(async () => {
    connection = { address: `127.0.0.1:${await freePort()}` };
  });

  // At once, and between two tries.
  for (const closeAfterMs of [0, 1_000]) {
    it(`fails its calls without crashing its process, closed ${closeAfterMs} ms after a send to no server`, async () => {
      const child = fork(SCRIPT, { env: childEnvironment(), stdio: 'inherit' });
      const ended = once(child, 'exit');
      const answered = once(child, 'message');
      const order: CloseOrder = { options: { connection, payloadKeys: 'off' }, job, closeAfterMs };
      child.send(order);
      const [code] = (await ended) as [number | null];
      assert.equal(code, 0, 'the process was ended by an error that nobody can catch');
      assert.deepEqual((await answered)[0], ['TEMPORAL_UNAVAILABLE', 'TEMPORAL_UNAVAILABLE']);
    });
  }

  it("keeps the caller's own interceptors, in their order and before its own", async () => {
    const passed: string[] = [];
    const note =
      (name: string): ReturnType<typeof makeGrpcRetryInterceptor> =>
      (options, nextCall) => {
        passed.push(name);
        return nextCall(options) as never;
      };
    const retries = makeGrpcRetryInterceptor({ ...defaultGrpcRetryOptions(), delayFunction: () => 1 });
    const client = createSmsClient({
      connection: { ...connection, interceptors: [note('outer'), retries, note('inner')] },
      payloadKeys: 'off',
    });
    await assert.rejects(client.cancel('sms-1'), { code: 'TEMPORAL_UNAVAILABLE' });
    assert.deepEqual([passed[0], ...new Set(passed.slice(1))], ['outer', 'inner']);
    assert.ok(passed.length > 2, 'it was not tried again');

    await client.close();
    await assert.rejects(client.cancel('sms-1'), { code: 'TEMPORAL_UNAVAILABLE' });
  });
});
