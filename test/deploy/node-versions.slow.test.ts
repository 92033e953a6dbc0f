import assert from 'node:assert/strict';
import { runTestsOn } from '../../scripts/run-tests-on.js';
import { findOtherNode } from '../support/other-node.js';

/** The supported versions besides the one of `.nvmrc`; the image runs on the last. */
const MAJORS = [22, 24];

describe('the tests that need no server', () => {
  for (const major of MAJORS) {
    it(`pass on Node.js ${major}`, async function () {
      this.timeout(600_000);
      const node = await findOtherNode(major);
      if (node === undefined) this.skip();
      const { counts, output } = await runTestsOn(node, 'unit', { output: 'pipe' });
      assert.equal(counts.failures, 0, `on ${node.version}:\n${output.slice(-8_000)}`);
      assert.ok(counts.passes > 0, `nothing ran on ${node.version}:\n${output.slice(-8_000)}`);
    });
  }
});
