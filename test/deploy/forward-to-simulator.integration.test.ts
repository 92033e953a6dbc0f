import assert from 'node:assert/strict';
import { execa } from 'execa';
import { freePort } from '../../tools/servers/free-port.js';
import { startGuarded, type GuardedProcess } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startSimulator, type Simulator } from '../../tools/simulator/start-simulator.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { ROOT } from '../support/run-node.js';
import { sharedGuard } from '../support/scratch.js';

const PRELOAD = ['--import', './docker/forward-to-simulator.mjs'];

describe('the way from a worker to the simulator, each in its container', () => {
  let ports: { worker: number; simulator: number };
  let simulator: Simulator;
  let forwarding: GuardedProcess;
  const start = () => startSimulator({ port: ports.simulator, apiKeys: ['a-key'], phoneDelayMs: 0 });
  const environment = () => ({
    SMSMOBILEAPI_URL: `http://127.0.0.1:${ports.worker}`,
    SIMULATOR_ADDRESS: `127.0.0.1:${ports.simulator}`,
  });
  before(async () => {
    ports = { worker: await freePort(), simulator: await freePort() };
    simulator = await start();
    forwarding = await startGuarded({
      guard: await sharedGuard(),
      command: process.execPath,
      args: [...PRELOAD, '--eval', 'setInterval(() => undefined, 60_000)'],
      cwd: ROOT,
      env: childEnvironment(environment()),
    });
  });
  after(async () => {
    await forwarding.stop();
    await simulator.close();
  });

  async function send(): Promise<string> {
    const api = createSmsMobileApi({ baseUrl: environment().SMSMOBILEAPI_URL });
    const outcome = await api.send({ apiKey: 'a-key', recipientPhone: '+33639980001', message: 'Bonjour' });
    api.close();
    return outcome.kind;
  }

  it('passes sends on', async () => {
    await waitUntil('a send to be accepted', async () => (await send()) === 'accepted');
    assert.equal((await simulator.waitForMessage()).text, 'Bonjour');
  });

  it('refuses connections while the simulator is away, so that nothing counts as maybe sent', async () => {
    await waitUntil('a send to be accepted', async () => (await send()) === 'accepted');
    await simulator.close();
    await waitUntil('connections to be refused', () =>
      fetch(environment().SMSMOBILEAPI_URL).then(
        () => false,
        (error: unknown) => error instanceof Error && String(error.cause).includes('ECONNREFUSED'),
      ),
    );
    assert.equal(await send(), 'not-sent');
  });

  it('passes sends on again once the simulator is back', async () => {
    await simulator.close();
    simulator = await start();
    await waitUntil('a send to be accepted', async () => (await send()) === 'accepted');
  });

  it('keeps no process alive', async () => {
    const ended = await execa(process.execPath, [...PRELOAD, '--eval', '0'], {
      cwd: ROOT,
      env: environment(),
    });
    assert.equal(ended.exitCode, 0);
  });
});
