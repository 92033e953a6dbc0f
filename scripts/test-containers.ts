import { join } from 'node:path';
import { execa } from 'execa';
import { findObstacle } from '../test/containers/engine.js';
import { ROOT } from '../test/support/run-node.js';

/**
 * Runs the containers of the Compose file for real: `npm run test:containers`. Skipped, with the
 * reason, where that cannot be; nothing is pulled.
 */
const obstacle = await findObstacle();
if (obstacle === undefined) {
  const mocha = await execa('mocha', [join(ROOT, 'test', 'containers', 'stack.containers.ts')], {
    cwd: ROOT,
    preferLocal: true,
    reject: false,
    stdio: 'inherit',
  });
  process.exitCode = mocha.exitCode ?? 1;
} else {
  console.log(`Skipped: ${obstacle}`);
}
