import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { PackedPackage } from '../../scripts/pack/pack-package.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { findOtherNode } from '../support/other-node.js';
import { ROOT } from '../support/run-node.js';
import { sharedGuard } from '../support/scratch.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { workerEnvironment } from '../support/worker-environment.js';
import { packBoth } from './packed.js';

/** The supported major versions. */
const MAJORS = [20, 22, 24];

describe('the tarball of the worker', () => {
  let worker: PackedPackage;
  let fixture: SendFixture;
  before(async function () {
    this.timeout(300_000);
    ({ worker } = await packBoth());
    // Its dependencies as the lockfile has them; that it lists them is tested elsewhere.
    await symlink(join(ROOT, 'node_modules'), join(worker.folder, 'node_modules'), 'dir');
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  /** Runs the worker of the tarball until `work` is done. */
  async function withWorker(node: string, work: () => Promise<void>): Promise<void> {
    const running = await startGuarded({
      guard: await sharedGuard(),
      command: node,
      args: [join(worker.folder, 'dist', 'worker.js')],
      env: childEnvironment(await workerEnvironment(fixture)),
    });
    try {
      await waitUntil('the worker to start', () => {
        if (running.child.exitCode !== null) throw new HopelessError(running.output());
        return running.output().includes('"worker started"');
      });
      await work();
    } finally {
      await running.stop();
    }
  }

  for (const major of MAJORS) {
    it(`sends on Node.js ${major}`, async function () {
      this.timeout(600_000);
      const isCurrent = process.version.startsWith(`v${major}.`);
      const node = isCurrent ? process.execPath : (await findOtherNode(major))?.path;
      if (node === undefined) this.skip();
      await withWorker(node, async () => {
        const job = fixture.job();
        const { messageId } = await (await fixture.client.send(job)).result();
        assert.equal(
          (await fixture.simulator.waitForMessage(({ id }) => id === messageId)).text,
          job.message,
        );
      });
      const { stdout } = await execa(node, [join(worker.folder, 'dist', 'cli.js'), '--help'], {
        env: childEnvironment(),
        extendEnv: false,
      });
      assert.match(stdout, /^Usage: durable-sms /);
    });
  }
});
