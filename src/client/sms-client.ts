import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  type ConnectionOptions,
} from '@temporalio/client';
import type { CountryCode } from 'libphonenumber-js';
import { parsePayloadKeys, type PayloadKey } from '../crypto/payload-keys.js';
import { createRecipientKey } from '../crypto/recipient-key.js';
import { clearMemo } from '../data-converter/clear-memo.js';
import { createPayloadCodec } from '../data-converter/payload-codec.js';
import { DEFAULT_TASK_QUEUE, WORKFLOW_TYPE } from '../domain/names.js';
import { SmsError } from '../domain/errors.js';
import type { SendDecision } from '../domain/send-decision.js';
import type { SmsJob } from '../domain/sms-job.js';
import { auditSends, type AuditFinding, type AuditOptions } from './audit-sends.js';
import { assertSameJob } from './existing-run.js';
import { resolveSend } from './resolve-send.js';
import { createSmsHandle, type SmsHandle } from './sms-handle.js';
import { toStartRequest, type SendOptions, type StartRequest } from './start-request.js';
import { translateTemporalError } from './temporal-errors.js';

/** Where Temporal is and how messages are started. */
export interface SmsClientOptions {
  /** Temporal's address (default localhost:7233), TLS, API key … as `Connection` of @temporalio/client takes them. */
  readonly connection?: ConnectionOptions;
  /** Default `default`. */
  readonly namespace?: string;
  /** The same as the worker's SMS_PAYLOAD_KEYS (`id:64 hex[,id:64 hex…]`), or `off` where the worker has it off. */
  readonly payloadKeys: string | readonly PayloadKey[];
  /** Default `sms`. */
  readonly taskQueue?: string;
  /** Where a number without country code is from; default FR. */
  readonly defaultRegion?: CountryCode;
}

/** Starts and watches sends. */
export interface SmsClient {
  /**
   * Starts a send and returns once Temporal has it: from then on it is not lost. `recipientPhone` may be written as people
   * write it. The same idempotency key and job return the first send's handle.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED, IDEMPOTENCY_KEY_REUSED: nothing was started;
   *   TEMPORAL_UNAVAILABLE: it may have been, so try again with the same idempotency key
   */
  send(job: SmsJob, options?: SendOptions): Promise<SmsHandle & { readonly runId: string }>;
  /** The handle of a send that was started before, here or elsewhere. */
  get(workflowId: string): SmsHandle;
  /**
   * Asks for a send to be cancelled. Nothing is sent any more, except that a request that is already out keeps its answer.
   *
   * @throws SmsError NOT_FOUND (also for a run that is closed), TEMPORAL_UNAVAILABLE
   */
  cancel(workflowId: string): Promise<void>;
  /**
   * Decides about a send that is held: it was sent, send it again, or leave it. The gateway's log is asked once more before
   * anything is sent again.
   *
   * @throws SmsError VALIDATION_FAILED (no such decision, or a message of another send), NOT_HELD, NOT_FOUND,
   *   TEMPORAL_UNAVAILABLE
   */
  resolve(workflowId: string, decision: SendDecision): Promise<void>;
  /**
   * Looks again at every send that was sent again: the first message may have turned up in the gateway's log since.
   *
   * @throws SmsError TEMPORAL_UNAVAILABLE
   */
  audit(options?: AuditOptions): AsyncIterable<AuditFinding>;
  /** Closes the connection. */
  readonly close: () => Promise<void>;
}

/** A client for the web app. Connects at its first call. */
export function createSmsClient(options: SmsClientOptions): SmsClient {
  const connection = Connection.lazy(options.connection ?? {});
  const payloadKeys = readPayloadKeys(options.payloadKeys);
  const client = new Client({
    connection,
    namespace: options.namespace ?? 'default',
    dataConverter: { payloadCodecs: [createPayloadCodec(payloadKeys)] },
  });
  const recipientKey = createRecipientKey(payloadKeys[0]);
  const { taskQueue = DEFAULT_TASK_QUEUE, defaultRegion = 'FR' } = options;

  /** The run id of the run that does this job, started now or before. */
  async function startOrFind({
    workflowId,
    job,
    memo,
    searchAttributes,
    startDelayMs,
  }: StartRequest): Promise<string> {
    try {
      const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
        workflowId,
        taskQueue,
        args: [job],
        memo: clearMemo({ ...memo }),
        typedSearchAttributes: searchAttributes,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        ...(startDelayMs > 0 ? { startDelay: startDelayMs } : {}),
      });
      return firstExecutionRunId;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return await assertSameJob(client, workflowId, job);
    }
  }

  return {
    async send(job, sendOptions = {}) {
      const request = toStartRequest(job, sendOptions, { defaultRegion, recipientKey, nowMs: Date.now() });
      try {
        const runId = await startOrFind(request);
        return { ...createSmsHandle(client, request.workflowId), runId };
      } catch (error) {
        throw translateTemporalError(error, request.workflowId);
      }
    },
    get: (workflowId) => createSmsHandle(client, workflowId),
    async cancel(workflowId) {
      try {
        const handle = client.workflow.getHandle(workflowId);
        // The server takes a request to cancel a closed run, and does nothing.
        if ((await handle.describe()).status.name !== 'RUNNING') {
          throw new SmsError('NOT_FOUND', {
            workflowId,
            message: 'The send has ended: there is nothing to cancel.',
          });
        }
        await handle.cancel();
      } catch (error) {
        throw translateTemporalError(error, workflowId);
      }
    },
    resolve: (workflowId, decision) => resolveSend(client, workflowId, decision),
    audit: (auditOptions = {}) => auditSends(client, taskQueue, auditOptions),
    close: () => connection.close(),
  };
}

function readPayloadKeys(keys: SmsClientOptions['payloadKeys']): readonly PayloadKey[] {
  if (typeof keys !== 'string') return keys;
  if (keys === 'off') return [];
  try {
    return parsePayloadKeys(keys);
  } catch (error) {
    throw new RangeError(`payloadKeys, the worker's SMS_PAYLOAD_KEYS: ${(error as RangeError).message}`, {
      cause: error,
    });
  }
}
