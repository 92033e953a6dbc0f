import assert from 'node:assert/strict';
import { runSmsProcess } from '../support/cli.js';
import { runSms } from '../support/cli-io.js';
import type { Ended } from '../support/run-node.js';
import { startSilentServer, type SilentServer } from '../support/silent-server.js';

describe('sms and a Temporal server that accepts connections but never answers', function () {
  this.timeout(120_000);
  let server: SilentServer;
  before(async () => {
    server = await startSilentServer();
  });
  after(() => {
    server.close();
  });

  const environment = () => ({ SMS_PAYLOAD_ENCRYPTION: 'off', TEMPORAL_ADDRESS: server.address });

  function assertNotAnswered({ exitCode, stdout, stderr }: Ended): void {
    assert.equal(exitCode, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^TEMPORAL_UNAVAILABLE: [^\n]*did not answer in time[^\n]*TEMPORAL_ADDRESS[^\n]*$/);
  }

  it('ends by itself within seconds, as it is installed', async () => {
    assertNotAnswered(await runSmsProcess(['status', 'x'], { env: environment() }));
  });

  const commands = [
    ['status', 'x'],
    ['list'],
    ['watch', 'x'],
    ['setup'],
    ['cancel', 'x'],
    ['resolve', 'x', '--abandon'],
    ['retry', 'x'],
    ['audit'],
  ];
  for (const args of commands) {
    it(`ends as TEMPORAL_UNAVAILABLE: sms ${args.join(' ')}`, async () => {
      assertNotAnswered(await runSms(args, { env: environment(), callTimeoutMs: 300 }));
    });
  }
});
