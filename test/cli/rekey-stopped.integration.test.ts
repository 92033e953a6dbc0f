import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import {
  assertAllUnder,
  countUnder,
  createRekeyWorld,
  updateWaits,
  whileLocked,
  type RekeyWorld,
} from '../db/rekey-world.js';
import { ensureBuilt } from '../support/built-package.js';
import type { Ended } from '../support/run-node.js';
import { assertTellsNothing, beginRekey, rekey } from './run-rekey.js';

describe('durable-sms accounts rekey, interrupted', () => {
  before(async function () {
    this.timeout(180_000);
    await ensureBuilt();
  });

  it('resumes when it is run again after a kill', async () => {
    const world = await createRekeyWorld(1_000);
    await whileLocked(world.url, world.ids[450]!, async () => {
      const killed = beginRekey(world, ['--yes', '--batch', '100']);
      await updateWaits(world.url);
      killed.kill('SIGKILL');
      assert.equal((await killed).signal, 'SIGKILL');
      const [changed, left] = [
        await countUnder(world.url, world.newKey),
        await countUnder(world.url, world.oldKey),
      ];
      assert.ok(changed >= 400 && changed < 500, String(changed));
      assert.equal(changed + left, 1_000);
    });
    // The server may still carry out the update that waited: one more, or not.
    const again = await rekey(world, ['--yes', '--batch', '100']);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.match(
      again.stdout,
      /^1000 accounts with a key: all use the new key\. 5\d\d re-encrypted now, [45]\d\d earlier\./,
    );
    await assertAllUnder(world, world.newKey);
  });

  it('survives repeated kills at any moment', async () => {
    const world = await createRekeyWorld(1_000);
    for (let goal = 100; goal <= 700; goal += 200) {
      const killed = beginRekey(world, ['--yes', '--batch', '20']);
      await waitUntil(
        'some accounts to be done',
        async () => (await countUnder(world.url, world.newKey)) >= goal,
        {
          everyMs: 1,
        },
      );
      killed.kill('SIGKILL');
      await killed;
    }
    const again = await rekey(world, ['--yes']);
    assert.equal(again.exitCode, 0, again.stderr);
    await assertAllUnder(world, world.newKey);
  });

  /**
   * Begins a run that waits for the lock on the 51st of 100 accounts, presses Ctrl-C, and does
   * `then` while it still waits.
   */
  async function interruptInTheMiddle(
    world: RekeyWorld,
    then: (process: ReturnType<typeof beginRekey>) => Promise<void> = () => Promise.resolve(),
  ): Promise<Ended> {
    let ended: ReturnType<typeof beginRekey> | undefined;
    await whileLocked(world.url, world.ids[50]!, async () => {
      const process = beginRekey(world, ['--yes', '--batch', '10']);
      ended = process;
      let written = '';
      process.stderr.on('data', (chunk: Buffer) => (written += chunk.toString()));
      await updateWaits(world.url);
      process.kill('SIGINT');
      await waitUntil('the command to say that it stops', () =>
        written.includes('Finishing the accounts in progress'),
      );
      await then(process);
    });
    const { exitCode, stdout, stderr } = await ended!;
    await assertTellsNothing(world, { stdout, stderr });
    return { exitCode, stdout, stderr };
  }

  it('finishes the batch under way on Ctrl-C, reports its progress, and exits with 130', async () => {
    const world = await createRekeyWorld(100);
    const { exitCode, stdout, stderr } = await interruptInTheMiddle(world);
    assert.equal(exitCode, 130, stderr);
    const [, seen, changed] =
      /^Stopped: (\d+) of 100 accounts done \((\d+) re-encrypted now/.exec(stdout) ?? [];
    assert.equal(seen, changed);
    assert.equal(await countUnder(world.url, world.newKey), Number(changed));
    assert.ok(Number(changed) > 50 && Number(changed) <= 60, changed);
    assert.equal((await rekey(world, ['--yes'])).exitCode, 0);
    await assertAllUnder(world, world.newKey);
  });

  it('ends at once when Ctrl-C comes twice', async () => {
    const world = await createRekeyWorld(100);
    const { exitCode, stdout } = await interruptInTheMiddle(world, async (process) => {
      process.kill('SIGINT');
      await process;
    });
    assert.deepEqual({ exitCode, stdout }, { exitCode: 130, stdout: '' });
    assert.equal((await rekey(world, ['--yes'])).exitCode, 0);
    await assertAllUnder(world, world.newKey);
  });
});
