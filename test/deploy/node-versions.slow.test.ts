import assert from 'node:assert/strict';
import { findNode, type NodeBinary } from '../../scripts/node-binary.js';
import { runTestsOn } from '../../scripts/run-tests-on.js';

// Read now, as the tests empty the environment.
const IS_REQUIRED = process.env['CI_NODE_VERSIONS'] === 'required';

/** The supported versions besides the one of `.nvmrc`; the image runs on the last. */
const MAJORS = [22, 24];

describe('the tests that need no server', () => {
  for (const major of MAJORS) {
    it(`pass on Node.js ${major}`, async function () {
      this.timeout(600_000);
      let node: NodeBinary;
      try {
        node = await findNode(major);
      } catch (error) {
        if (IS_REQUIRED) throw error;
        process.stderr.write(`    skipped: ${error instanceof Error ? error.message : String(error)}\n`);
        this.skip();
      }
      const { counts, output } = await runTestsOn(node, 'unit', { output: 'pipe' });
      assert.equal(counts.failures, 0, `on ${node.version}:\n${output.slice(-8_000)}`);
      assert.ok(counts.passes > 0, `nothing ran on ${node.version}:\n${output.slice(-8_000)}`);
    });
  }
});
