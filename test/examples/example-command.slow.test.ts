import assert from 'node:assert/strict';
import { startDemo } from '../support/demo.js';
import { ensureAppPrepared } from './ensure-app-prepared.js';

describe('npm run example', function () {
  this.timeout('15 minutes');

  before(ensureAppPrepared);

  it('starts the app with all its parts, prints their addresses, and leaves nothing after Ctrl-C', async () => {
    const example = await startDemo({ script: 'tools/example/main.ts' });
    await example.until(/Press Ctrl-C to stop everything\./);
    const [, url = ''] = /Web app +(http:\S+)/.exec(example.output()) ?? [];
    const page = await fetch(url);
    assert.equal(page.url, `${url}/sign-in`);
    assert.match(await page.text(), /Camille Roux/);
    assert.match(example.output(), /Phones' inbox +http:\S+/);
    assert.match(example.output(), /Temporal Web UI +http:\S+/);
    assert.ok(example.processCount() >= 6, 'itself, guard, PostgreSQL, Temporal, worker and app were seen');
    example.process.child.kill('SIGINT');
    assert.equal(await example.process.ended, 130, example.output());
    await example.leavesNothing();
  });

  it('reports an option that it does not know', async () => {
    const example = await startDemo({ script: 'tools/example/main.ts', args: ['--nothing'] });
    assert.equal(await example.process.ended, 1);
    assert.match(example.output(), /unknown option '--nothing'/);
    await example.leavesNothing();
  });
});
