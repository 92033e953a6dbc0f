import { parseArgs } from 'node:util';
import { withProgress } from '../tools/servers/progress.js';
import { findNode } from './node-binary.js';
import { runTestsOn, TEST_PARTS, type TestPart } from './run-tests-on.js';

/**
 * Runs the tests on other major versions of Node.js, one after the other:
 * `npm run test:node -- 22 24 [--part unit]`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { part: { type: 'string', default: 'all' } },
});
const { part } = values;
if (!isPart(part) || positionals.length === 0 || !positionals.every((major) => /^[1-9]\d$/.test(major))) {
  process.stderr.write(`npm run test:node -- MAJOR… [--part ${Object.keys(TEST_PARTS).join('|')}]\n`);
  process.exit(2);
}

const lines: string[] = [];
for (const major of positionals.map(Number)) {
  const say = (line: string) => {
    console.log(line);
  };
  const node = await withProgress(say, `Node.js ${major}: getting it`, () => findNode(major));
  console.log(`Node.js ${node.version}`);
  const { counts } = await runTestsOn(node, part, { output: 'inherit' });
  lines.push(
    `Node.js ${node.version}: ${counts.passes} passed, ${counts.failures} failed, ${counts.pending} skipped`,
  );
  if (counts.failures > 0 || counts.passes === 0) process.exitCode = 1;
}
console.log(lines.join('\n'));

function isPart(name: string): name is TestPart {
  return name in TEST_PARTS;
}
