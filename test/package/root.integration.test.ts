import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '../support/built-package.js';
import { ROOT, runNode } from '../support/run-node.js';
import { createLinkedConsumer, type Consumer } from './consumer.js';
import {
  POLICIES_PRINTED,
  POLICIES_PROGRAMS,
  PRINTED,
  PROGRAMS,
  WITH_MISTAKES,
  WRONG_LINES,
} from './uses.js';

/** What a git URL installs: the repository, with its build. */
describe('the repository as a package', () => {
  let consumer: Consumer;
  before(async function () {
    this.timeout(300_000);
    await ensureBuilt();
    consumer = await createLinkedConsumer(ROOT);
  });

  for (const [file, code] of Object.entries(PROGRAMS)) {
    it(`exports client, credentials, errors and texts to ${file}`, async () => {
      const { exitCode, stdout, stderr } = await consumer.run(file, code);
      assert.equal(exitCode, 0, stderr);
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), PRINTED);
    });
  }

  for (const [file, code] of Object.entries(POLICIES_PROGRAMS)) {
    it(`exports the policies to ${file}`, async () => {
      const { exitCode, stdout, stderr } = await consumer.run(file, code);
      assert.equal(exitCode, 0, stderr);
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), POLICIES_PRINTED);
    });
  }

  it('exports nothing else', async () => {
    for (const path of ['worker', 'cli', 'config', 'dist/worker.js', 'dist/config.js', 'dist/client.js']) {
      const { stdout } = await consumer.run(
        'main.mjs',
        `await import('durable-sms/${path}').then(() => console.log('given'), ({ code }) => console.log(code));`,
      );
      assert.equal(stdout, 'ERR_PACKAGE_PATH_NOT_EXPORTED', path);
    }
  });

  it('loads neither number plans nor OpenTelemetry before they are needed', async () => {
    const { exitCode, stdout, stderr } = await consumer.run(
      'main.cjs',
      `const { createSmsClient } = require('durable-sms');
       const client = createSmsClient({ payloadKeys: 'off' });
       client.close().then(() => console.log(JSON.stringify(Object.keys(require.cache))));`,
    );
    assert.equal(exitCode, 0, stderr);
    const loaded = JSON.parse(stdout) as string[];
    const loads = (part: string) => loaded.some((path) => path.includes(part));
    assert.ok(loads('/@temporalio/client/'), 'what is loaded is seen');
    assert.ok(loads('/dist/commonjs/client/create-sms-client.js'), 'modules of the package are seen');
    for (const name of [
      'libphonenumber-js',
      '@opentelemetry/api',
      '@temporalio/workflow',
      '@temporalio/worker',
      'postgres',
    ])
      assert.ok(!loads(`/node_modules/${name}/`), `${name} is loaded`);
  });

  it('includes its types, which reject a wrong field', async () => {
    const complaints = await consumer.compile(WITH_MISTAKES, 'node16');
    const lines = complaints.map((line) => Number(/\((\d+),/.exec(line)?.[1]));
    assert.deepEqual([...new Set(lines)], WRONG_LINES, complaints.join('\n'));
  });

  it('has an executable command, durable-sms, with the alias sms', async () => {
    const { bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    const { exitCode, stdout } = await runNode([join(ROOT, bin['durable-sms'] ?? ''), '--help'], {
      cwd: consumer.folder,
    });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: durable-sms /);
    assert.deepEqual(Object.keys(bin), ['durable-sms', 'sms']);
    assert.equal(bin['sms'], bin['durable-sms']);
  });
});
