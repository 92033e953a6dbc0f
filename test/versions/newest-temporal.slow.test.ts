import assert from 'node:assert/strict';
import { join } from 'node:path';
import { TEMPORAL_SERVER_VERSIONS } from '../../tools/servers/production-temporal/find-server.js';
import { startProductionTemporal } from '../../tools/servers/production-temporal/start-production-temporal.js';
import { createCleanUp } from '../../tools/servers/clean-up.js';
import { startEmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { findTests } from '../runner/lanes.js';
import { readReport } from '../runner/test-report.js';
import { RUNNER_SERVERS, type RunnerServers } from '../support/runner-servers.js';
import { runNode } from '../support/run-node.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';
import { startTestPostgres } from '../support/shared-parts.js';
import { needTemporalServer } from '../support/temporal-server-version.js';

/** What runs on servers of its own, or on none. */
const ELSEWHERE = /(?:-over-hours|\/histories)\./;

describe(`Temporal ${TEMPORAL_SERVER_VERSIONS.newest}, the newest version tried`, function () {
  this.timeout('30 minutes');
  const cleanUp = createCleanUp((error) => {
    process.stderr.write(`clean-up: ${String(error)}\n`);
  });
  let servers: RunnerServers;
  before(async function () {
    const say = (line: string) => process.stderr.write(`  ${line}\n`);
    const version = TEMPORAL_SERVER_VERSIONS.newest;
    await needTemporalServer(this, version);
    const guard = await sharedGuard();
    const postgres = await startEmbeddedPostgres({
      guard,
      directory: await makeDirectory('temporal-postgres'),
    });
    cleanUp.add(postgres.stop);
    const directory = await makeDirectory('temporal');
    const temporal = await startProductionTemporal({ guard, say, postgres, directory, version });
    cleanUp.add(temporal.stop);
    const webApp = await startTestPostgres({ guard, directory: await makeDirectory('postgres') });
    cleanUp.add(webApp.stop);
    const { address, namespace } = temporal;
    servers = { temporal: { address, namespace, uiUrl: '' }, postgresUrl: webApp.url };
  });
  after(() => cleanUp.run());

  it('passes the tests of workflows and versioned workers', async () => {
    const files = (await findTests(['integration'])).filter(
      (file) => /^test\/(?:workflows|versioning)\//.test(file) && !ELSEWHERE.test(file),
    );
    assert.ok(files.length > 0);
    const report = join(await makeDirectory('report'), 'report.json');
    const mocha = ['node_modules/mocha/bin/mocha.js', '--parallel', '--jobs', '3'];
    const ended = await runNode([...mocha, '--reporter', 'test/runner/file-reporter.cjs', ...files], {
      env: { [RUNNER_SERVERS]: JSON.stringify(servers), TEST_RUNNER_REPORT: report },
      timeoutMs: 25 * 60_000,
    });
    const { passes, failures } = await readReport(report);
    assert.equal(failures, 0, ended.stdout);
    assert.ok(passes > files.length, ended.stdout);
  });
});
