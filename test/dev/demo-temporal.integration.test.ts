import assert from 'node:assert/strict';
import { startDemo } from '../support/demo.js';
import { sharedTemporal } from '../support/shared-parts.js';

describe('demo with --temporal', function () {
  this.timeout('6 minutes');

  it('uses a Temporal server on this machine, on a task queue of its own', async () => {
    const { address } = await sharedTemporal();
    const demo = await startDemo({ args: ['--temporal', address] });
    assert.equal(await demo.process.ended, 0, demo.output());
    assert.ok(demo.output().includes(`Temporal: ready on ${address}\n`));
    assert.match(demo.output(), /polling task queue sms-dev-[0-9a-f]{8}$/m);
    assert.match(demo.output(), /"success":true/);
    await demo.leavesNothing();
  });

  it('refuses a Temporal server that is not on this machine, in one sentence', async () => {
    for (const address of ['10.0.0.1:7233', 'temporal.example.com:7233', '127.0.0.1.example.com:7233']) {
      const demo = await startDemo({ args: ['--temporal', address] });
      assert.equal(await demo.process.ended, 1);
      assert.match(demo.output(), /^--temporal accepts only a server on this machine.*\n$/);
      assert.ok(demo.output().includes(address));
      await demo.leavesNothing();
    }
  });

  it('reports that no server answers at the given address', async () => {
    const demo = await startDemo({ args: ['--temporal', '127.0.0.1:1'] });
    assert.equal(await demo.process.ended, 1);
    assert.match(demo.output(), /The demo failed: No Temporal server responds at 127\.0\.0\.1:1\.\n$/);
    await demo.leavesNothing();
  });
});
