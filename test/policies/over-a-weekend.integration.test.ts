import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../support/time-skipping.js';
import { createSkippedWorld } from './skipped-world.js';

/** Paris time, and when the message goes out, in UTC. */
const WEEKENDS = [
  ['a Saturday in winter', '2026-03-21T21:00:00+01:00', '2026-03-23T07:30:00'],
  ['the Saturday before summer time', '2026-03-28T21:00:00+01:00', '2026-03-30T06:30:00'],
  ['the Saturday before winter time', '2026-10-24T21:00:00+02:00', '2026-10-26T07:30:00'],
  ['the Saturday before Easter Monday', '2026-04-04T21:00:00+02:00', '2026-04-07T06:30:00'],
] as const;

describe('a marketing message that is started in the evening', function () {
  this.timeout('5 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());

  for (const [when, startsAt, sentAt] of WEEKENDS) {
    it(`of ${when} is requested when the window of the next day to send opens, ${sentAt}Z`, async () => {
      const world = await createSkippedWorld({ environment, startsAt });
      try {
        await world.startWorkers(1);
        const send = await world.start({ options: { purpose: 'marketing' } });
        assert.equal((await send.result()).success, true);
        const [request, ...others] = world.simulator.requests();
        assert.deepEqual(others, []);
        assert.equal(request?.outcome, 'accepted');
        const lateByMs = Date.parse(request.at) - Date.parse(`${sentAt}Z`);
        // A grant is good for five seconds.
        assert.ok(lateByMs >= 0 && lateByMs <= 5_000, `${request.at} is ${lateByMs} ms late`);
        const [grant, ...moreGrants] = await world.rows.grants(world.accountId);
        assert.equal(grant?.atMs, Date.parse(`${sentAt}Z`));
        assert.deepEqual(moreGrants, []);
      } finally {
        await world.close();
      }
    });
  }
});
