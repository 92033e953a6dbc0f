import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { ensureBuilt } from '../support/built-package.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { makeDirectory } from '../support/scratch.js';
import { sharedTemporal } from '../support/shared-parts.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The block of code that follows the marker in the README. */
async function readTenLines(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, code] = /<!-- ten-lines:[^>]*-->\s*```js\n(.*?)```/s.exec(readme) ?? [];
  assert.ok(code, 'the README has the example');
  return code;
}

describe('the example in the README', () => {
  let fixture: SendFixture;
  before(async () => {
    await ensureBuilt();
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  it('sends an SMS from a project that installed the package', async () => {
    const { address } = await sharedTemporal();
    const project = await makeDirectory('web-app');
    await mkdir(join(project, 'node_modules'));
    await symlink(ROOT, join(project, 'node_modules', 'durable-sms'));
    // What a web app has around the example: an account, a lead, a worker on the default queue; and
    // an end.
    const code = (await readTenLines()).replace(
      'createSmsClient({',
      `createSmsClient({ taskQueue: '${fixture.taskQueue}',`,
    );
    const around = `const accountId = '${fixture.accountId}'; const leadId = '42';\n`;
    await writeFile(
      join(project, 'app.mjs'),
      `${around}${code}\nconsole.log(JSON.stringify(outcome));\nawait sms.close();\n`,
    );

    const { stdout } = await execa(process.execPath, ['app.mjs'], {
      cwd: project,
      env: childEnvironment({ TEMPORAL_ADDRESS: address, SMS_PAYLOAD_KEYS: fixture.payloadKeys }),
      extendEnv: false,
    });

    const { messageId } = JSON.parse(stdout) as { messageId: string };
    const received = await fixture.simulator.waitForMessage(({ id }) => id === messageId);
    assert.equal(received.recipient, '+33639980042');
    assert.ok((await readTenLines()).trim().split('\n').length <= 10);
  });
});
