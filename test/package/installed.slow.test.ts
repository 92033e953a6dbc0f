import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { childEnvironment, toolEnvironment } from '../../tools/servers/isolated-environment.js';
import { findOtherNode } from '../support/other-node.js';
import { runNode } from '../support/run-node.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { createConsumer, RESOLUTIONS, type Consumer, type Resolution } from './consumer.js';
import { packClient } from './packed.js';
import { POLICIES_PROGRAMS, PRINTED, PROGRAMS, WITH_MISTAKES, WRONG_LINES } from './uses.js';

/** What the client and all its dependencies may take on a disk. */
const MAX_INSTALLED_MB = 60;

/** How much longer importing the client may take than importing the SDK's client alone. */
const MAX_IMPORT_RATIO = 1.7;

/** How often each import is measured, in turns. */
const MEASUREMENTS = 11;

/** What a folder takes on the disk, in MB of 2²⁰ bytes, as `du` counts. */
async function diskUse(folder: string): Promise<number> {
  const paths = await readdir(folder, { recursive: true });
  const stats = await Promise.all(paths.map((path) => lstat(join(folder, path))));
  return stats.reduce((sum, { blocks }) => sum + blocks * 512, 0) / 2 ** 20;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** How long a new process takes to import a package, in milliseconds. */
async function importMs(consumer: Consumer, name: string): Promise<number> {
  const code = `const startedAt = performance.now(); await import('${name}'); console.log(performance.now() - startedAt);`;
  const { exitCode, stdout, stderr } = await runNode(['--input-type=module', '--eval', code], {
    cwd: consumer.folder,
  });
  assert.equal(exitCode, 0, stderr);
  return Number(stdout);
}

describe('the tarball of the client, installed', () => {
  let consumer: Consumer;
  before(async function () {
    this.timeout(300_000);
    const client = await packClient();
    consumer = await createConsumer();
    await execa('npm', ['install', client.path, '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: consumer.folder,
      env: toolEnvironment(),
      extendEnv: false,
      timeout: 240_000,
    });
  });

  for (const [file, code] of Object.entries(PROGRAMS)) {
    it(`is used by ${file}`, async () => {
      const { exitCode, stdout, stderr } = await consumer.run(file, code);
      assert.equal(exitCode, 0, stderr);
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), PRINTED);
    });
  }

  it('says which package is missing for policies', async () => {
    for (const [file, code] of Object.entries(POLICIES_PROGRAMS)) {
      const { exitCode, stderr } = await consumer.run(file, code);
      assert.equal(exitCode, 1);
      assert.match(stderr, /Cannot find (module|package) 'postgres'/);
    }
  });

  it('starts sends without OpenTelemetry, also where traces are wanted', async () => {
    const { address } = await sharedTemporal();
    // No worker polls this queue.
    const options = { connection: { address }, taskQueue: `sms-test-${randomUUID()}`, payloadKeys: 'off' };
    const job = { recipientPhone: '06 39 98 00 42', message: 'Bonjour', accountId: randomUUID() };
    const { exitCode, stdout, stderr } = await consumer.run(
      'traced.cjs',
      `const { createSmsClient } = require('durable-sms');
       const client = createSmsClient({ ...${JSON.stringify(options)}, tracing: true });
       client.send(${JSON.stringify(job)}, { idempotencyKey: 'lead-42' })
         .then(({ workflowId }) => console.log(workflowId), ({ code }) => console.log(code))
         .then(() => client.close());`,
    );
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout, `sms-${job.accountId}-lead-42`);
  });

  for (const major of [22, 24]) {
    it(`is used on Node.js ${major}`, async function () {
      const node = await findOtherNode(major);
      if (node === undefined) this.skip();
      const options = { cwd: consumer.folder, env: childEnvironment(), extendEnv: false };
      for (const file of Object.keys(PROGRAMS)) {
        const { stdout, stderr }: { stdout: string; stderr: string } = await execa(
          node.path,
          [file],
          options,
        );
        assert.equal(stderr, '');
        assert.deepEqual(JSON.parse(stdout), PRINTED);
      }
    });
  }

  for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
    it(`is used by TypeScript under ${resolution}, which notices mistakes`, async () => {
      const complaints = await consumer.compile(WITH_MISTAKES, resolution);
      const lines = complaints.map((line) => Number(/\((\d+),/.exec(line)?.[1]));
      assert.deepEqual([...new Set(lines)], WRONG_LINES, complaints.join('\n'));
    });
  }

  it(`takes at most ${MAX_INSTALLED_MB} MB with its dependencies`, async () => {
    const size = await diskUse(join(consumer.folder, 'node_modules'));
    assert.ok(size <= MAX_INSTALLED_MB, `${size.toFixed(1)} MB`);
  });

  it(`takes at most ${MAX_IMPORT_RATIO} times as long to import as @temporalio/client`, async function () {
    this.timeout(300_000);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let i = 0; i < MEASUREMENTS; i++) {
      theirs.push(await importMs(consumer, '@temporalio/client'));
      ours.push(await importMs(consumer, 'durable-sms'));
    }
    const ratio = median(ours) / median(theirs);
    assert.ok(
      ratio <= MAX_IMPORT_RATIO,
      `${ratio.toFixed(2)}: ${median(ours).toFixed(0)} and ${median(theirs).toFixed(0)} ms`,
    );
  });
});
