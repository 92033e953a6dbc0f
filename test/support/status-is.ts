import type { SmsRunStatus, SmsStatusReport } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import type { SendFixture } from './send-fixture.js';

/** Waits until a run has this status. */
export function statusIs(
  { client }: Pick<SendFixture, 'client'>,
  workflowId: string,
  wanted: SmsRunStatus,
): Promise<SmsStatusReport> {
  return waitUntil(`${workflowId} to be ${wanted}`, async () => {
    const report = await client.get(workflowId).status();
    return report.status === wanted && report;
  });
}
