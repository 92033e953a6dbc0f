import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { isolateEnvironment } from '../tools/servers/isolated-environment.js';
import { HISTORIES } from '../test/support/history-scenarios.js';
import { fetchHistory } from '../test/support/run-history.js';
import { createSendFixture } from '../test/support/send-fixture.js';
import { cleanUpAtEnd } from '../test/support/scratch.js';
import { startTimeSkipping } from '../test/support/time-skipping.js';
import { sendOverHours } from '../test/workflows/send-over-hours.js';

type Scenario = (typeof HISTORIES)[number];
type History = Awaited<ReturnType<typeof fetchHistory>>;

/**
 * Records one history for each scenario, or for those named on the command line, to be replayed by
 * the tests. To be run only when the workflow code changed in a way that no running send can
 * notice, or before anything was released; say so in the commit.
 */
isolateEnvironment();
const root = fileURLToPath(new URL('..', import.meta.url));
const directory = `${root}test/histories/`;
await mkdir(directory, { recursive: true });
try {
  const wanted = process.argv.slice(2);
  const scenarios = HISTORIES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const scenario of scenarios) {
    const history = await ('run' in scenario ? record(scenario) : recordOverHours(scenario));
    await writeFile(`${directory}${scenario.name}.json`, `${scrub(historyToJSON(history))}\n`);
    console.log(`recorded ${scenario.name}`);
  }
} finally {
  await cleanUpAtEnd.run();
}

async function record({ fixture: options = {}, run }: Extract<Scenario, { run: unknown }>): Promise<History> {
  const fixture = await createSendFixture({ payloadKeys: 'off', ...options });
  try {
    return await fetchHistory(fixture.temporal, await run(fixture));
  } finally {
    await fixture.close();
  }
}

async function recordOverHours({
  overHours,
  options,
}: Extract<Scenario, { overHours: unknown }>): Promise<History> {
  const environment = await startTimeSkipping();
  try {
    return (await sendOverHours(() => environment).send(overHours, { options })).history;
  } finally {
    await environment.teardown();
  }
}

/**
 * Takes out what reveals where it was recorded: paths in stack traces, `pid@host` in identities and
 * sticky queues.
 */
function scrub(json: string): string {
  return json.replaceAll(root, '/app/').replaceAll(/(?<=")\d+@[^"]*/g, 'recorder');
}
