import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { PayloadError } from '../domain/payload-error.js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';

/**
 * The job that a run was started with; undefined if that is none. What kept it from being read may
 * quote it, and is not passed on.
 *
 * @throws PayloadError if it cannot be decrypted here
 */
export async function readJob(
  client: Client,
  payloads: readonly Payload[] | null | undefined,
): Promise<SmsJob | undefined> {
  try {
    const [value] = await decodeArrayFromPayloads(client.options.loadedDataConverter, [...(payloads ?? [])]);
    return validateSmsJob(value, 'ignore');
  } catch (error) {
    if (error instanceof PayloadError) throw error;
    return undefined;
  }
}
