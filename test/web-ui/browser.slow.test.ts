import assert from 'node:assert/strict';
import { execa } from 'execa';
import { ROOT } from '../support/run-node.js';
import { makeDirectory } from '../support/scratch.js';

/** As the tests do it: the environment is emptied once the helper was imported. */
const START = `
  import { isolateEnvironment } from './tools/servers/isolated-environment.js';
  import { startBrowser } from './test/support/browser.js';
  isolateEnvironment();
  const browser = await startBrowser();
  await browser?.close();
  console.log(browser === undefined ? 'none' : 'started');
`;

describe('the tests that need a browser', () => {
  async function start(env: Record<string, string>) {
    const empty = await makeDirectory('no-browser');
    return await execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', START], {
      cwd: ROOT,
      reject: false,
      extendEnv: false,
      env: { HOME: empty, PATH: empty, PLAYWRIGHT_BROWSERS_PATH: empty, ...env },
    });
  }

  it('fail without one where CI_CHROMIUM=required', async () => {
    const { exitCode, stdout, stderr } = await start({ CI_CHROMIUM: 'required' });
    assert.equal(stdout, '');
    assert.equal(exitCode, 1);
    assert.match(stderr, /CI_CHROMIUM=required\. There is no Chromium/);
  });

  it('are skipped without one elsewhere, with an explanation', async () => {
    const { exitCode, stdout, stderr } = await start({});
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout, 'none');
    assert.match(stderr, /skipped: There is no Chromium .* apt-get install chromium/);
  });
});
