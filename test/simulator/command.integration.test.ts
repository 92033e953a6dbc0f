import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { until } from './simulator-fixture.js';

describe('simulator: command', () => {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  const run = (...args: string[]) => runWith({}, ...args);

  function runWith(variables: Record<string, string>, ...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tools/simulator/main.ts', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...variables },
    });
    running.add(child);
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
    }
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, output, ended };
  }

  it('explains itself with examples', async () => {
    const { output, ended } = run('--help');
    assert.equal(await ended, 0);
    assert.match(output.text, /--port/);
    assert.match(output.text, /Examples:/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints its address, hides a given key, and exits with 0 on ${signal}`, async () => {
      const { child, output, ended } = run('--port', '0', '--api-key', 'a-given-key');
      await until('the address', () => output.text.includes('Ctrl-C'));
      assert.match(output.text, /Page +http:\/\/127\.0\.0\.1:\d+\//);
      assert.match(output.text, /demo: as given/);
      assert.ok(!output.text.includes('a-given-key'));
      const url = /API base +(\S+)/.exec(output.text)?.[1] ?? '';
      const events = await fetch(`${url}/_control/events`);
      child.kill(signal);
      assert.equal(await ended, 0);
      await assert.rejects(events.text());
    });
  }

  it('takes its key from SIMULATOR_API_KEY, the same at every start, and hides it', async () => {
    for (let start = 0; start < 2; start++) {
      const { child, output, ended } = runWith({ SIMULATOR_API_KEY: 'a-kept-key' }, '--port', '0');
      await until('the address', () => output.text.includes('Ctrl-C'));
      const url = /API base +(\S+)/.exec(output.text)?.[1] ?? '';
      const phones = (key: string) => fetch(`${url}/gateway/mobile/list/?apikey=${key}`);
      assert.equal((await phones('a-kept-key')).status, 200);
      assert.notEqual((await phones('another-key')).status, 200);
      assert.ok(!output.text.includes('a-kept-key'));
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('generates a key where the variable is empty, as Compose hands it on', async () => {
    const { output } = runWith({ SIMULATOR_API_KEY: '' }, '--port', '0');
    await until('the address', () => output.text.includes('Ctrl-C'));
    assert.match(output.text, /demo: demo-[0-9a-f]{32} \(new at every start/);
  });

  it('prints a generated key', async () => {
    const { output } = run('--port', '0');
    await until('the address', () => output.text.includes('Ctrl-C'));
    assert.match(output.text, /demo: demo-[0-9a-f]{32}/);
  });

  it('reports in one sentence that the port is taken, and exits with 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { output, ended } = run('--port', String(port));
    assert.equal(await ended, 1);
    assert.equal(output.text, `Port ${port} is in use: choose another one with --port.\n`);
    server.close();
  });

  it('refuses an invalid port', async () => {
    const { output, ended } = run('--port', '99999');
    assert.equal(await ended, 1);
    assert.match(output.text, /It must be a whole number from 0 to 65535/);
  });
});
