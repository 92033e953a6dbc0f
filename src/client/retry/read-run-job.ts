import type { Client } from '@temporalio/client';
import { decode } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { metadataText, ORIGIN } from '../../encryption/payload-metadata.js';
import { isRestartedCopy } from '../../domain/restarted-copy.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { readJob } from '../read-job.js';
import type { RunEvidence } from './run-evidence.js';

/**
 * The job of a run, with the time that it was to be sent at also where only its start was delayed;
 * undefined if it is none, or was copied from another run: this one has refused it.
 *
 * @throws PayloadError if it cannot be decrypted here
 */
export async function readRunJob(
  client: Client,
  run: Pick<RunEvidence, 'input' | 'delayedToMs' | 'memo' | 'owner'>,
): Promise<SmsJob | undefined> {
  const { input, delayedToMs } = run;
  const job = await readJob(client, input);
  if (job === undefined || (await isCopy(client, run, job))) return undefined;
  if (delayedToMs === undefined || job.options?.sendAt !== undefined) return job;
  return { ...job, options: { ...job.options, sendAt: new Date(delayedToMs).toISOString() } };
}

/** Whether the job was made for another run, as the workflow would find. */
async function isCopy(
  { options: { loadedDataConverter, namespace } }: Client,
  { input, memo, owner: { workflowId } }: Pick<RunEvidence, 'input' | 'memo' | 'owner'>,
  job: SmsJob,
): Promise<boolean> {
  const context = { type: 'workflow', namespace, workflowId } as const;
  const [payload] = await decode(loadedDataConverter.payloadCodecs, input.slice(0, 1), context);
  const origin = payload === undefined ? '' : metadataText(payload, ORIGIN);
  return origin === 'foreign' || (origin === 'bound' && isRestartedCopy(job, { workflowId, memo }));
}
