import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';
import { readRepositoryFile } from './compose-file.js';

/** The programs that the script may find, besides those that a test adds. */
const PROGRAMS = ['bash', 'env', 'mktemp', 'rm', 'tail', 'timeout'];

/** The programs that it sees to. */
const TOOLS = ['chromium', 'promtool', 'redis-server', 'pgbouncer'];

describe('.ci/install-tools', () => {
  /** Runs it where only these stand-ins are found; each is the body of a shell script. */
  async function run(commands: Record<string, string>) {
    const directory = await makeDirectory('tools');
    const bin = join(directory, 'bin');
    await mkdir(bin);
    for (const name of PROGRAMS) await symlink(await which(name), join(bin, name));
    for (const [name, body] of Object.entries(commands)) {
      await writeFile(
        join(bin, name),
        `#!/usr/bin/env bash\necho "${name} $*" >>"${directory}/calls"\n${body}\n`,
      );
      await chmod(join(bin, name), 0o755);
    }
    const { exitCode, stdout } = await execa(join(ROOT, '.ci/install-tools'), {
      env: { PATH: bin, CALLS: join(directory, 'calls') },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    const calls = await readFile(join(directory, 'calls'), 'utf8').catch(() => '');
    return { exitCode, stdout, installs: calls.split('\n').filter((line) => line.includes(' install ')) };
  }
  const which = async (name: string) => (await execa('bash', ['-c', `command -v ${name}`])).stdout;
  const root = { id: 'echo 0' };

  it('does nothing when all tools are installed', async () => {
    const ended = await run({
      ...root,
      chromium: '',
      promtool: '',
      'redis-server': '',
      pgbouncer: '',
      'apt-get': '',
    });
    assert.deepEqual(ended, { exitCode: 0, stdout: '', installs: [] });
  });

  it('installs only the missing tools', async () => {
    for (const [program, packageName] of [
      ['chromium', 'chromium'],
      ['promtool', 'prometheus'],
      ['redis-server', 'redis-server'],
      ['pgbouncer', 'pgbouncer'],
    ] as const) {
      const there = Object.fromEntries(TOOLS.filter((name) => name !== program).map((name) => [name, '']));
      const { exitCode, stdout, installs } = await run({ ...root, ...there, 'apt-get': '' });
      assert.deepEqual([exitCode, stdout], [0, `Installed: ${packageName}`]);
      assert.deepEqual(installs, [`apt-get -q install -y --no-install-recommends ${packageName}`]);
    }
  });

  it('retries a failed installation', async () => {
    // Its own state: an install succeeds once the marker of an earlier one is there.
    const aptGet = '[ "$2" = update ] && exit 0; [ -e "$CALLS.tried" ] || { : >"$CALLS.tried"; exit 100; }';
    const ended = await run({ ...root, 'apt-get': aptGet });
    assert.equal(ended.exitCode, 0);
    assert.match(
      ended.stdout,
      /^Attempt 1 to install chromium prometheus redis-server pgbouncer failed\.\nInstalled: chromium prometheus redis-server pgbouncer$/,
    );
    assert.equal(ended.installs.length, 2);
  });

  it('gives up after three attempts with a message, without failing', async () => {
    const { exitCode, stdout, installs } = await run({ ...root, 'apt-get': 'echo "no such package"; false' });
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /Attempt 3 to install chromium prometheus redis-server pgbouncer failed\.[^]*no such package/,
    );
    assert.equal(installs.length, 3);
  });

  it('installs nothing unless it runs as root on Debian', async () => {
    for (const commands of [{ id: 'echo 1000', 'apt-get': '' }, root]) {
      const { exitCode, stdout, installs } = await run(commands);
      assert.deepEqual([exitCode, installs], [0, []]);
      assert.equal(
        stdout,
        'Not installed, as this is not Debian as root: chromium prometheus redis-server pgbouncer',
      );
    }
  });
});

describe('.ci/run', () => {
  it('requires every tool that tests can be skipped without', () => {
    const script = readRepositoryFile('.ci/run');
    for (const name of [
      'CI_CHROMIUM',
      'CI_PROMTOOL',
      'CI_NODE_VERSIONS',
      'CI_REDIS',
      'CI_TEMPORAL_SERVER',
      'CI_PGBOUNCER',
    ])
      assert.match(script, new RegExp(`^export .*\\b${name}=required\\b`, 'm'));
  });
});
