import assert from 'node:assert/strict';
import { createCleanUp, type CleanUp } from '../../tools/servers/clean-up.js';
import { startDurable } from '../../tools/chaos/durable/start-durable.js';
import { makePlan, type ChaosPlan } from '../../tools/chaos/plan/plan.js';
import { renderReport } from '../../tools/chaos/report/render-report.js';
import { startChaos } from '../../tools/chaos/run-chaos.js';
import {
  TEMPORAL_SERVER_VERSIONS,
  type TemporalServerVersion,
} from '../../tools/servers/production-temporal/find-server.js';
import { needTemporalServer } from '../support/temporal-server-version.js';

/**
 * A small plan with each kind of fault on a process once; no request of this seed stalls for its
 * whole time-out.
 */
const PLAN: ChaosPlan = {
  ...makePlan({ sends: 25, seed: 3, lateRows: false }),
  processFaults: [
    { atMs: 2_000, kind: 'kill-worker', group: 0, downMs: 1_000 },
    { atMs: 4_500, kind: 'stop-database', downMs: 2_000 },
    { atMs: 6_000, kind: 'freeze-worker', group: 1, forMs: 4_000 },
    { atMs: 10_000, kind: 'kill-broker', downMs: 2_000 },
  ],
};

describe('the service under fire', function () {
  // A request that was out when its worker was killed is given up after a minute, and the log is
  // asked after that.
  this.timeout('10 minutes');
  let cleanUp: CleanUp;
  beforeEach(() => {
    cleanUp = createCleanUp((error) => {
      process.stderr.write(`clean-up: ${String(error)}\n`);
    });
  });
  afterEach(() => cleanUp.run());

  it('loses nothing, sends nothing twice, and never reports a sent message as not sent', () =>
    holdsItsPromises(undefined));

  it(`does so on Temporal ${TEMPORAL_SERVER_VERSIONS.newest} on PostgreSQL, too`, async function () {
    this.timeout('40 minutes');
    const { newest } = TEMPORAL_SERVER_VERSIONS;
    await needTemporalServer(this, newest);
    await holdsItsPromises(newest);
  });

  async function holdsItsPromises(server: TemporalServerVersion | undefined): Promise<void> {
    const run = await startChaos({
      plan: PLAN,
      lateRows: false,
      startSystem: (common) => startDurable(common, { server }),
      cleanUp,
      say: () => undefined,
    });
    const report = await run.report;
    const { sends, sent, failed, cancelled, lost, duplicated, misreported, wrongId } = report.verdict;
    const table = renderReport(report, PLAN.sends);
    assert.deepEqual(
      { lost, duplicated, misreported, wrongId },
      { lost: 0, duplicated: 0, misreported: 0, wrongId: 0 },
      table,
    );
    const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
    assert.equal(sent + cancelled + failures, sends, table);
    assert.deepEqual(report.processFaults, {
      'kill-worker': 1,
      'stop-database': 1,
      'freeze-worker': 1,
      'kill-broker': 1,
    });
    assert.ok(report.verdict.unknownOutcomes > 0, table);
  }
});
