import { findNode, type NodeBinary } from '../../scripts/node-binary.js';

// Read now, as the tests empty the environment.
const IS_REQUIRED = process.env['CI_NODE_VERSIONS'] === 'required';

/**
 * Another Node.js; undefined, with a line about why, where it cannot be had. With
 * CI_NODE_VERSIONS=required that is an error.
 */
export async function findOtherNode(major: number): Promise<NodeBinary | undefined> {
  try {
    return await findNode(major);
  } catch (error) {
    if (IS_REQUIRED) throw error;
    process.stderr.write(`    skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
