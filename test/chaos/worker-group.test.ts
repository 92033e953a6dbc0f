import assert from 'node:assert/strict';
import { startWorkerGroup, type WorkerGroup } from '../../tools/chaos/faults/worker-group.js';
import { startGuarded, type GuardedProcess } from '../../tools/servers/guarded-process.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { sharedGuard } from '../support/scratch.js';

/** A process that ends on request, and reports when it was frozen. */
const IDLE = `
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > 400) console.log('stood still ' + (now - last));
    last = now;
  }, 20);
  process.on('SIGTERM', () => process.exit(0));
  console.log('up');
`;

describe('a worker group under fire', () => {
  const started: GuardedProcess[] = [];
  let refusals = 0;
  let group: WorkerGroup;

  async function startWorker(): Promise<GuardedProcess> {
    if (refusals > 0) {
      refusals -= 1;
      throw new Error('The broker is away.');
    }
    const worker = await startGuarded({
      guard: await sharedGuard(),
      command: process.execPath,
      args: ['-e', IDLE],
      env: {},
    });
    await waitUntil('the process to be up', () => worker.output().includes('up'));
    started.push(worker);
    return worker;
  }

  const isAlive = ({ child }: GuardedProcess) => child.exitCode === null && child.signalCode === null;

  beforeEach(async () => {
    started.length = 0;
    group = await startWorkerGroup(startWorker);
  });
  afterEach(async () => {
    await group.close();
    assert.deepEqual(started.filter(isAlive), []);
  });

  it('starts another worker after a kill', async () => {
    await group.kill(1);
    assert.deepEqual(started.map(isAlive), [false, true]);
    assert.equal(await started[0]!.ended, 'SIGKILL');
    assert.equal(group.diedByThemselves(), 0);
  });

  it('starts the new worker before it asks the old one to end', async () => {
    await group.deploy();
    assert.deepEqual(started.map(isAlive), [false, true]);
    assert.equal(await started[0]!.ended, 0);
    assert.equal(group.diedByThemselves(), 0);
  });

  it('retries until a worker starts', async () => {
    refusals = 2;
    await group.kill(1);
    assert.equal(refusals, 0);
    assert.deepEqual(started.map(isAlive), [false, true]);
  });

  it('replaces a worker that dies by itself, and counts it', async () => {
    process.kill(started[0]!.pid, 'SIGKILL');
    await waitUntil('another process', () => started.length === 2);
    await group.reconciled();
    assert.deepEqual(started.map(isAlive), [false, true]);
    assert.equal(group.diedByThemselves(), 1);
  });

  it('freezes a worker, and lets it go on', async () => {
    await group.freeze(500);
    const [worker] = started;
    const stoodStillMs = await waitUntil(
      'the process to notice',
      () => /still (\d+)/.exec(worker!.output())?.[1],
    );
    assert.ok(Number(stoodStillMs) >= 450, stoodStillMs);
    assert.deepEqual(started.map(isAlive), [true]);
  });

  it('ends a frozen worker, too', async () => {
    process.kill(started[0]!.pid, 'SIGSTOP');
    await group.close();
    assert.equal(await started[0]!.ended, 'SIGKILL');
  });
});
