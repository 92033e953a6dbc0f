import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './support/built-package.js';
import { ROOT, runNode } from './support/run-node.js';
import { makeDirectory } from './support/scratch.js';

const USES_EVERYTHING = `
import { createSmsClient, SmsError, type SmsJob, type SmsResult } from 'durable-sms';
import { decryptCredentials, encryptCredentials } from 'durable-sms/crypto';
import { SMS_ERRORS, type SmsErrorCode } from 'durable-sms/errors';

const client = createSmsClient({ connection: { address: '127.0.0.1:7233' }, payloadKeys: 'off' });
const job: SmsJob = { recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id', options: { simSlot: 2 } };
export async function send(): Promise<SmsResult> {
  const sent = await client.send(job, { idempotencyKey: 'lead-42', sendAt: new Date() });
  return await sent.result();
}
export const code: SmsErrorCode = new SmsError('NOT_FOUND').code;
export const round: string = decryptCredentials(encryptCredentials('key', 'a'), 'a');
export const retried: string = SMS_ERRORS.RATE_LIMITED.retried;
`;

/** Each line is a mistake that the types must notice. */
const MISTAKES = [
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountID: 'id' });`,
  `client.send({ recipientPhone: 33639980042, message: 'Bonjour', accountId: 'id' });`,
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id', options: { simSlot: 3 } });`,
  `client.send({ recipientPhone: '+33639980042', message: 'Bonjour', accountId: 'id' }, { idempotency: 'k' });`,
  `createSmsClient({});`,
  `new SmsError('NO_SUCH_CODE');`,
  `client.get('id').result().then((result) => result.messageID);`,
];

describe('package', () => {
  let project: string;
  before(async function () {
    this.timeout(300_000);
    await ensureBuilt();
    project = await makeDirectory('project');
    await mkdir(join(project, 'node_modules', '@types'), { recursive: true });
    await symlink(ROOT, join(project, 'node_modules', 'durable-sms'), 'dir');
    await symlink(
      join(ROOT, 'node_modules', '@types', 'node'),
      join(project, 'node_modules', '@types', 'node'),
    );
    await writeFile(join(project, 'package.json'), '{"name": "web-app", "type": "module"}');
  });

  async function run(code: string) {
    const path = join(project, 'main.mjs');
    await writeFile(path, code);
    return await runNode([path], { cwd: project });
  }

  /** The compiler's complaints about a file, one a line. */
  async function compile(code: string): Promise<string[]> {
    await writeFile(join(project, 'app.ts'), code);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      types: ['node'],
      skipLibCheck: true,
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await runNode([tsc, '-p', '.', '--pretty', 'false'], { cwd: project });
    return stdout.split('\n').filter((line) => /: error TS\d+:/.test(line));
  }

  it('exports client, credentials and errors to plain Node.js', async () => {
    const { exitCode, stdout, stderr } = await run(`
      import { createSmsClient, SmsError } from 'durable-sms';
      import { decryptCredentials, encryptCredentials } from 'durable-sms/crypto';
      import { SmsError as SameError, SMS_ERRORS } from 'durable-sms/errors';
      const key = 'ab'.repeat(32);
      const client = createSmsClient({ payloadKeys: 'off' });
      const refused = await client.send({}).catch((error) => error);
      await client.close();
      console.log(JSON.stringify([
        decryptCredentials(encryptCredentials('the key', key), key),
        refused instanceof SmsError, SmsError === SameError, refused.code, 'RATE_LIMITED' in SMS_ERRORS,
      ]));`);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), ['the key', true, true, 'VALIDATION_FAILED', true]);
  });

  it('exports nothing else', async () => {
    for (const path of ['worker', 'cli', 'config', 'dist/worker.js', 'dist/config.js', 'dist/client.js']) {
      const { stdout } = await run(
        `await import('durable-sms/${path}').then(() => console.log('given'), ({ code }) => console.log(code));`,
      );
      assert.equal(stdout, 'ERR_PACKAGE_PATH_NOT_EXPORTED', path);
    }
  });

  it('loads neither the worker nor a database driver with the client', async () => {
    const { exitCode, stdout, stderr } = await run(
      `
      import { registerHooks, register } from 'node:module';
      import { MessageChannel } from 'node:worker_threads';
      const { port1, port2 } = new MessageChannel();
      const seen = new Set();
      port1.on('message', (url) => seen.add(url));
      const hook = "let port; export function initialize(data) { port = data; }" +
        " export async function load(url, context, next) { port.postMessage(url); return next(url, context); }";
      register('data:text/javascript,' + encodeURIComponent(hook), { data: port2, transferList: [port2] });
      await import('durable-sms');
      await new Promise((resolve) => setImmediate(resolve));
      const { createRequire } = await import('node:module');
      const cached = Object.keys(createRequire(import.meta.url).cache);
      port1.close();
      console.log(JSON.stringify([...seen, ...cached]));`.replace('registerHooks, ', ''),
    );
    assert.equal(exitCode, 0, stderr);
    const loaded = JSON.parse(stdout) as string[];
    const loads = (part: string) => loaded.some((path) => path.includes(part));
    assert.ok(loads('/@temporalio/client/'), 'what is loaded is seen');
    assert.ok(loads('/dist/client/create-sms-client.js'), 'modules of the package are seen');
    for (const part of [
      '@temporalio/worker/',
      '@temporalio/core-bridge',
      '/postgres/',
      '/drizzle-orm/',
      '/pino/',
    ])
      assert.ok(!loads(part), `${part} is loaded`);
    for (const part of ['/dist/worker', '/dist/db/', '/dist/activities/', '/dist/provider/'])
      assert.ok(!loads(part), `${part} is loaded`);
  });

  it('includes its types', async () => {
    assert.deepEqual(await compile(USES_EVERYTHING), []);
  });

  it('has types that reject a wrong field', async () => {
    const head = `import { createSmsClient, SmsError } from 'durable-sms';\nconst client = createSmsClient({ payloadKeys: 'off' });`;
    const complaints = await compile([head, ...MISTAKES.map((line) => `void ${line}`)].join('\n'));
    const lines = new Set(complaints.map((line) => Number(/\((\d+),/.exec(line)?.[1])));
    assert.deepEqual(
      [...lines],
      MISTAKES.map((_, i) => i + 3),
      complaints.join('\n'),
    );
  });

  it('has an executable command, durable-sms, with the alias sms', async () => {
    const { bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    const { exitCode, stdout } = await runNode([join(ROOT, bin['durable-sms'] ?? ''), '--help'], {
      cwd: project,
    });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: durable-sms /);
    assert.deepEqual(Object.keys(bin), ['durable-sms', 'sms']);
    assert.equal(bin['sms'], bin['durable-sms']);
  });
});
