import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { isolateEnvironment } from '../tools/servers/isolated-environment.js';
import { HISTORIES } from '../test/support/history-scenarios.js';
import { fetchHistory } from '../test/support/run-history.js';
import { createSendFixture } from '../test/support/send-fixture.js';
import { cleanUpAtEnd } from '../test/support/scratch.js';

/**
 * Records one history for each scenario, or for those that are named on the command line, to be replayed by the tests. To be run only when the workflow code changed in a way
 * that no running send can notice, or before anything was released; say so in the commit.
 */
isolateEnvironment();
const root = fileURLToPath(new URL('..', import.meta.url));
const directory = `${root}test/histories/`;
await mkdir(directory, { recursive: true });
try {
  const wanted = process.argv.slice(2);
  const scenarios = HISTORIES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const { name, fixture: options = {}, run } of scenarios) {
    const fixture = await createSendFixture({ payloadKeys: 'off', ...options });
    try {
      const workflowId = await run(fixture);
      const json = scrub(historyToJSON(await fetchHistory(fixture.temporal, workflowId)));
      await writeFile(`${directory}${name}.json`, `${json}\n`);
      console.log(`recorded ${name}`);
    } finally {
      await fixture.close();
    }
  }
} finally {
  await cleanUpAtEnd.run();
}

/** Takes out what tells where it was recorded: paths in stack traces, `pid@host` in identities and sticky queues. */
function scrub(json: string): string {
  return json.replaceAll(root, '/app/').replaceAll(/(?<=")\d+@[^"]*/g, 'recorder');
}
