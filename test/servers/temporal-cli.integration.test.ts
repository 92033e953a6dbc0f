import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { runNode } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

const SCRIPT = `
import { findTemporalCli } from './tools/servers/temporal-cli.ts';
try {
  console.log('found ' + (await findTemporalCli((line) => console.log('said ' + line))));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}`;

describe('finding a Temporal CLI', () => {
  it('suggests what to do when there is none', async () => {
    const base = await makeDirectory('bare');
    const empty = join(base, 'bin');
    await mkdir(empty);
    // A proxy that nobody is behind: the download fails with a network as without one.
    const proxy = createServer((socket) => socket.on('error', () => undefined).destroy()).listen(
      0,
      '127.0.0.1',
    );
    await once(proxy, 'listening');
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const { exitCode, stderr } = await runNode(
        ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT],
        {
          env: {
            PATH: empty,
            XDG_CACHE_HOME: join(base, 'cache'),
            HTTP_PROXY: url,
            HTTPS_PROXY: url,
            https_proxy: url,
            http_proxy: url,
            ALL_PROXY: url,
          },
        },
      );
      assert.equal(exitCode, 1);
      const [sentence = '', , ...waysOut] = stderr.split('\n');
      assert.match(sentence, /Cannot start a Temporal server/);
      assert.equal(waysOut.length, 4);
      for (const word of ['docs.temporal.io/cli', 'internet', 'Go 1.24', '--temporal 127.0.0.1:7233'])
        assert.ok(stderr.includes(word), word);
    } finally {
      proxy.close();
    }
  });

  it('prefers the one on the PATH, and says so', async () => {
    const base = await makeDirectory('with-cli');
    await writeFile(join(base, 'temporal'), '#!/bin/sh\necho temporal version 9.9.9\n', { mode: 0o755 });
    const { stdout } = await runNode(['--import', 'tsx', '--input-type=module', '--eval', SCRIPT], {
      env: { PATH: `${base}:/bin:/usr/bin`, XDG_CACHE_HOME: join(base, 'cache') },
    });
    assert.equal(stdout, 'said Temporal: the CLI on your PATH (temporal version 9.9.9)\nfound temporal');
  });
});
