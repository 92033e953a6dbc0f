import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { PayloadError } from '../../domain/payload-error.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { validateSmsJob } from '../../domain/validate-sms-job.js';
import type { RunEvidence } from './run-evidence.js';

/**
 * The job of a run; undefined if it is none. What kept it from being read may quote it, and is not passed on.
 *
 * @throws PayloadError if it cannot be decrypted here
 */
export async function readRunJob(
  client: Client,
  { input }: Pick<RunEvidence, 'input'>,
): Promise<SmsJob | undefined> {
  try {
    const [value] = await decodeArrayFromPayloads(client.options.loadedDataConverter, [...input]);
    return validateSmsJob(value, 'ignore');
  } catch (error) {
    if (error instanceof PayloadError) throw error;
    return undefined;
  }
}
