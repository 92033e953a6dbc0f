import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readProcessUsage, readRss } from '../../tools/bench/measure/process-usage.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

/** Burns CPU time in a shell until it is killed. */
const FOREVER = 'while :; do :; done';

/** Burns some in a shell of its own, and ends. */
const FOR_A_WHILE = '(i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done)';

/** Above any process id that Linux gives (PID_MAX_LIMIT is 2^22). */
const NO_PID = 2 ** 22 + 1;

describe('the usage of processes', function () {
  let shell: ChildProcess | undefined;
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  afterEach(async () => {
    if (shell?.pid === undefined) return;
    const ended = once(shell, 'exit');
    // The shell and what it has started: a group of their own.
    process.kill(-shell.pid, 'SIGKILL');
    await ended;
    shell = undefined;
  });

  function start(script: string): ChildProcess & { readonly pid: number } {
    const started = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    shell = started;
    assert.ok(started.pid !== undefined);
    return started as ChildProcess & { readonly pid: number };
  }

  it('counts a child that burns CPU time with its parent, which only waits', async () => {
    const { pid } = start(`${FOREVER} & wait`);
    await waitUntil(
      'the time of the child to be counted',
      () => (readProcessUsage([pid])?.cpuMs ?? 0) >= 300,
    );
  });

  it('counts processes that have ended, too', async () => {
    const { pid, stdout } = start(`${FOR_A_WHILE}; echo done; read line`);
    assert.ok(stdout !== null);
    await once(stdout, 'data');
    const { cpuMs = 0 } = readProcessUsage([pid]) ?? {};
    assert.ok(cpuMs >= 50, `${cpuMs} ms`);
  });

  it('adds up the memory peaks of several processes and their children', async () => {
    const { pid, stdout } = start('(echo ready; exec sleep 600) & wait');
    assert.ok(stdout !== null);
    await once(stdout, 'data');
    const ofShells = readProcessUsage([pid])?.peakRssBytes ?? 0;
    const ofThis = readProcessUsage([process.pid])?.peakRssBytes ?? 0;
    const ofShellAlone = readRss(pid) ?? Number.NaN;
    assert.ok(ofShells > ofShellAlone, 'the child of the shell is missing');
    assert.ok(ofThis >= process.memoryUsage().rss - ofShells, 'the peak of this process is missing');
    assert.ok((readProcessUsage([process.pid, pid])?.peakRssBytes ?? 0) >= ofThis + ofShells);
  });

  it('is zero for a process that does not exist', () => {
    assert.deepEqual(readProcessUsage([NO_PID]), { cpuMs: 0, peakRssBytes: 0 });
    assert.equal(readRss(NO_PID), undefined);
  });

  it('reports the current memory in bytes', () => {
    const rss = readRss(process.pid) ?? Number.NaN;
    const { rss: known } = process.memoryUsage();
    assert.ok(rss > known / 2 && rss < known * 2, `${rss} of ${known}`);
  });
});
