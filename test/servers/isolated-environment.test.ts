import assert from 'node:assert/strict';
import { execa } from 'execa';
import { ROOT } from '../support/run-node.js';

/** Runs code after the module has seen this environment, and nothing else but the PATH. */
async function inEnvironment(env: Record<string, string>, code: string): Promise<unknown> {
  const script = `import { childEnvironment, toolEnvironment, isolateEnvironment } from './tools/servers/isolated-environment.ts';
    console.log(JSON.stringify(${code}));`;
  const { stdout } = await execa(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    {
      cwd: ROOT,
      extendEnv: false,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    },
  );
  // Where coverage is measured, Node hands this one on by itself.
  return JSON.parse(stdout, (name, value: unknown) => (name === 'NODE_V8_COVERAGE' ? undefined : value));
}

const HARMLESS = { HOME: '/home/me', LC_ALL: 'C', TMPDIR: '/tmp', XDG_CACHE_HOME: '/cache' };
const HARMFUL = {
  DATABASE_URL: 'x',
  PGHOST: 'x',
  TEMPORAL_ADDRESS: 'x',
  TEMPORAL_CONFIG_FILE: 'x',
  TEMPORAL_PROFILE: 'x',
  SMS_TASK_QUEUE: 'x',
  SMSMOBILEAPI_URL: 'x',
  grpc_proxy: 'x',
  ALL_PROXY: 'x',
  XDG_CONFIG_HOME: '/x',
};
const FOR_TOOLS = { GOPROXY: 'x', https_proxy: 'x', HTTP_PROXY: 'x', NO_PROXY: 'x', SSL_CERT_FILE: 'x' };
const PATH = process.env['PATH'] ?? '';

describe('isolated environment', () => {
  it("removes all but harmless variables from this process's environment", async () => {
    const left = await inEnvironment(
      { ...HARMLESS, ...HARMFUL, ...FOR_TOOLS },
      '(isolateEnvironment(), process.env)',
    );
    assert.deepEqual(left, { PATH, ...HARMLESS });
  });

  it('gives a child the harmless variables and its own, which take precedence', async () => {
    const child = await inEnvironment(
      { ...HARMLESS, ...HARMFUL, ...FOR_TOOLS },
      `childEnvironment({ TEMPORAL_ADDRESS: 'given', TMPDIR: '/given' })`,
    );
    assert.deepEqual(child, { PATH, ...HARMLESS, TEMPORAL_ADDRESS: 'given', TMPDIR: '/given' });
  });

  it('keeps proxies only for tools that download, even after this process is isolated', async () => {
    const build = await inEnvironment(
      { ...HARMLESS, ...HARMFUL, ...FOR_TOOLS },
      `(isolateEnvironment(), toolEnvironment({ CGO_ENABLED: '0' }))`,
    );
    assert.deepEqual(build, { PATH, ...HARMLESS, ...FOR_TOOLS, CGO_ENABLED: '0' });
  });

  it('keeps these tests independent of the shell’s environment', () => {
    const names = Object.keys(process.env).filter((name) =>
      /^(?:TEMPORAL|SMS|PG|DATABASE|.*_proxy)/i.test(name),
    );
    assert.deepEqual(names, []);
  });
});
