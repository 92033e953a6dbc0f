import type { SmsJob } from '../../src/client.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import type { SendFixture } from './send-fixture.js';
import type { StartedSend } from './settled-sends.js';

/** A send that has ended, whose requests met these faults, one each unless a fault says otherwise; in doubt, it fails soon. */
export async function endedSend(
  { client, job: createJob, simulator }: Pick<SendFixture, 'client' | 'job' | 'simulator'>,
  faults: readonly Omit<FaultRule, 'number'>[],
  changes: Partial<SmsJob> = {},
): Promise<StartedSend> {
  const job = createJob({ options: { unknownChecksMs: [100], onUnknown: 'fail' }, ...changes });
  for (const fault of faults) simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
  const sent = await client.send(job);
  await sent.result().catch(() => undefined);
  return { job, workflowId: sent.workflowId };
}
