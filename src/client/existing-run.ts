import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { SmsError } from '../domain/errors.js';
import { WORKFLOW_TYPE } from '../domain/names.js';
import { PayloadError } from '../domain/payload-error.js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';

/**
 * Makes sure that the run that already has this workflow id does the same job, and returns its run id. Temporal itself could
 * only say that the id is taken; a second job under it would vanish.
 *
 * @throws SmsError IDEMPOTENCY_KEY_REUSED; PayloadError if that run cannot be decrypted here
 */
export async function assertSameJob(
  client: Client,
  workflowId: string,
  job: SmsJob,
  { ignoreExpiry = false }: { readonly ignoreExpiry?: boolean } = {},
): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const isSame =
    started?.workflowType?.name === WORKFLOW_TYPE &&
    (await isSameJob(client, started.input?.payloads, { job, ignoreExpiry }));
  if (!isSame) throw new SmsError('IDEMPOTENCY_KEY_REUSED', { workflowId });
  return started.originalExecutionRunId ?? '';
}

/** Whatever cannot be read as a job is another one; what kept it from being read may quote it, and is not passed on. */
async function isSameJob(
  client: Client,
  payloads: Payload[] | null | undefined,
  { job, ignoreExpiry }: { job: SmsJob; ignoreExpiry: boolean },
): Promise<boolean> {
  const comparable = (value: unknown) => {
    const checked = validateSmsJob(value, 'ignore');
    return ignoreExpiry ? { ...checked, options: { ...checked.options, expiresAt: undefined } } : checked;
  };
  try {
    const [input] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
    return isDeepStrictEqual(comparable(input), comparable(job));
  } catch (error) {
    if (error instanceof PayloadError) throw error;
    return false;
  }
}
