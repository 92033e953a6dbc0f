import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSmsClient, type SmsClient } from '../../src/client.js';
import { endCallsInTime, type CallDeadlines } from '../../src/cli/call-deadlines.js';
import { runSmsProcess } from '../support/cli.js';
import { runSms } from '../support/cli-io.js';
import { expectSmsError } from '../support/expect-failure.js';
import type { Ended } from '../support/run-node.js';

/** Longer than any test may take: a call with this deadline is not what ends. */
const NEVER_MS = 3_600_000;

describe('sms and a Temporal server that takes connections and says nothing', function () {
  this.timeout(120_000);
  let server: Server;
  let address: string;
  const sockets = new Set<Socket>();
  before(async () => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).resume());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const environment = () => ({ SMS_PAYLOAD_ENCRYPTION: 'off', TEMPORAL_ADDRESS: address });

  function assertNotAnswered({ exitCode, stdout, stderr }: Ended): void {
    assert.equal(exitCode, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^TEMPORAL_UNAVAILABLE: [^\n]*did not answer in time[^\n]*TEMPORAL_ADDRESS[^\n]*$/);
  }

  it('ends by itself within seconds, as it is installed', async () => {
    assertNotAnswered(await runSmsProcess(['status', 'x'], { env: environment() }));
  });

  for (const args of [['status', 'x'], ['list'], ['watch', 'x'], ['setup']]) {
    it(`ends as TEMPORAL_UNAVAILABLE: sms ${args.join(' ')}`, async () => {
      assertNotAnswered(await runSms(args, { env: environment(), deadlines: { callMs: 300 } }));
    });
  }

  const endsWith = async (deadlines: CallDeadlines, call: (client: SmsClient) => Promise<unknown>) => {
    const interceptors = [endCallsInTime(deadlines)];
    const client = createSmsClient({ connection: { address, interceptors }, payloadKeys: 'off' });
    try {
      await expectSmsError(call(client), 'TEMPORAL_UNAVAILABLE');
    } finally {
      await client.close();
    }
  };

  it('has more patience with a call that waits for the end of a send, and ends it too', async () => {
    await endsWith({ callMs: NEVER_MS, longPollMs: 200 }, (client) => client.get('x').result());
    await endsWith({ callMs: 200, longPollMs: NEVER_MS }, (client) => client.get('x').status());
  });

  it('leaves a deadline alone that was set before', async () => {
    const given: unknown[] = [];
    const interceptor = endCallsInTime({ callMs: NEVER_MS });
    const method_definition = { path: '/temporal.api.workflowservice.v1.WorkflowService/QueryWorkflow' };
    const options = { deadline: 7, method_definition } as Parameters<typeof interceptor>[0];
    interceptor(options, ({ deadline }) => given.push(deadline) as never);
    assert.deepEqual(given, [7]);
    await Promise.resolve();
  });
});
