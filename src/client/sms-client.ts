import { Client, type ConnectionOptions } from '@temporalio/client';
import type { CountryCode } from 'libphonenumber-js';
import { parsePayloadKeys, type PayloadKey } from '../encryption/payload-keys.js';
import { createRecipientKey, createRecipientKeys } from '../encryption/recipient-key.js';
import { createPayloadCodec } from '../encryption/payload-codec.js';
import { DEFAULT_TASK_QUEUE } from '../domain/names.js';
import { SmsError } from '../domain/errors.js';
import type { SendDecision } from '../domain/send-decision.js';
import type { SmsJob } from '../domain/sms-job.js';
import { auditSends, type AuditFinding, type AuditOptions } from './audit-sends.js';
import { assertSameJob } from './existing-run.js';
import { inspectSend, type SmsInspection } from './inspect-send.js';
import { countSends, listSends, type ListOptions, type SmsListing } from './list-sends.js';
import { openConnection } from '../temporal/open-connection.js';
import { resolveSend } from './resolve-send.js';
import type { RetryOptions, RetryOutcome } from './retry/retry-outcome.js';
import { retrySend } from './retry/retry-send.js';
import type { SendFilter } from './send-filter.js';
import { createSmsHandle, type SmsHandle, type SmsStatusReport, type WaitOptions } from './sms-handle.js';
import { startSend } from './start-send.js';
import { toStartRequest, type SendOptions, type StartRequest } from './start-request.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { traceStarts } from './trace-starts.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { watchSend, type WatchOptions } from './watch-send.js';

/** Where Temporal is and how messages are started. */
export interface SmsClientOptions {
  /** Temporal's address (default localhost:7233), TLS, API key … as `Connection` of @temporalio/client takes them. */
  readonly connection?: ConnectionOptions;
  /** Default `default`. */
  readonly namespace?: string;
  /** How long Temporal has to answer one request, further tries included, in milliseconds; default 10,000. */
  readonly callTimeoutMs?: number;
  /** The same as the worker's SMS_PAYLOAD_KEYS (`id:64 hex[,id:64 hex…]`), or `off` where the worker has it off. */
  readonly payloadKeys: string | readonly PayloadKey[];
  /** Default `sms`. */
  readonly taskQueue?: string;
  /** A span for each start, in the OpenTelemetry SDK that the process has registered, and the trace goes on in the worker; default false. */
  readonly tracing?: boolean;
  /** Where a number without country code is from; default FR. */
  readonly defaultRegion?: CountryCode;
}

/** Starts and watches sends. */
export interface SmsClient {
  /**
   * Starts a send and returns once Temporal has it: from then on it is not lost. `recipientPhone` may be written as people
   * write it. The same idempotency key and job return the first send's handle.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED, IDEMPOTENCY_KEY_REUSED, TEMPORAL_REFUSED: nothing was
   *   started; TEMPORAL_UNAVAILABLE: it may have been, so try again with the same idempotency key
   */
  send(job: SmsJob, options?: SendOptions): Promise<SmsHandle & { readonly runId: string }>;
  /** The handle of a send that was started before, here or elsewhere. */
  get(workflowId: string): SmsHandle;
  /**
   * Asks for a send to be cancelled. Nothing is sent any more, except that a request that is already out keeps its answer.
   *
   * @throws SmsError NOT_FOUND (also for a run that is closed), TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
   */
  cancel(workflowId: string): Promise<void>;
  /**
   * Decides about a send that is held: it was sent, send it again, or leave it. The gateway's log is asked once more before
   * anything is sent again.
   *
   * @throws SmsError VALIDATION_FAILED (no such decision, or a message of another send), NOT_HELD, NOT_FOUND,
   *   TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED; the signal's reason: the decision may be taken all the same
   */
  resolve(workflowId: string, decision: SendDecision, options?: WaitOptions): Promise<void>;
  /**
   * Looks again at every send that was sent again: the first message may have turned up in the gateway's log since.
   *
   * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED; the signal's reason
   */
  audit(options?: AuditOptions): AsyncIterable<AuditFinding>;
  /**
   * Lists sends: those that run first, then the last that ended; page by page, as they are asked for. Temporal lists a send some moments
   * after it was started; one that ends while the list is read may be listed twice.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
   */
  list(filter?: ListOptions): AsyncIterable<SmsListing>;
  /**
   * Counts the sends that `list` would list.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
   */
  count(filter?: SendFilter): Promise<number>;
  /**
   * Looks at a send closely: its requests so far, and what it waits for.
   *
   * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED, ENCRYPTION_KEY_MISSING
   */
  inspect(workflowId: string): Promise<SmsInspection>;
  /**
   * Follows a send to its end: where it stands now, and each change.
   *
   * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
   */
  watch(workflowId: string, options?: WatchOptions): AsyncIterable<SmsStatusReport>;
  /**
   * Starts a send again that has ended without being sent: the same job as a new run, `ID-retry-1`. It is one retry, whoever asks for it and
   * how often; that one, if it fails too, is retried as `ID-retry-2`. What may have been sent is first looked for in the
   * gateway's log, through a worker, which can take minutes. What it came to, a refusal too, is in the outcome.
   *
   * @throws SmsError NOT_FOUND, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED (another job has its workflow id), ENCRYPTION_KEY_MISSING,
   *   TEMPORAL_REFUSED: nothing was started; TEMPORAL_UNAVAILABLE, or the signal's reason: it may have been, so ask again
   */
  retry(workflowId: string, options?: RetryOptions): Promise<RetryOutcome>;
  /** Closes the connection. A call that is under way, or made later, fails as TEMPORAL_UNAVAILABLE at once. */
  readonly close: () => Promise<void>;
}

/**
 * A client for the web app. Connects at its first call.
 *
 * @throws RangeError that says which option is wrong, and quotes nothing of it
 */
export function createSmsClient(options: SmsClientOptions): SmsClient {
  const payloadKeys = readPayloadKeys(options.payloadKeys);
  const { namespace = 'default', callTimeoutMs } = options;
  const { connection, close } = openConnection(options.connection ?? {}, { callTimeoutMs, namespace });
  const client = new Client({
    connection,
    namespace,
    dataConverter: { payloadCodecs: [createPayloadCodec(payloadKeys)] },
    ...(options.tracing === true ? { interceptors: { workflow: [traceStarts()] } } : {}),
  });
  const recipientKey = createRecipientKey(payloadKeys[0]);
  const { taskQueue = DEFAULT_TASK_QUEUE, defaultRegion = 'FR' } = options;
  const filterContext = { recipientKeys: createRecipientKeys(payloadKeys), defaultRegion };

  /** The run id of the run that does this job, started now or before. */
  async function startOrFind(request: StartRequest): Promise<string> {
    const { workflowId, job } = request;
    return (await startSend(client, taskQueue, request)) ?? (await assertSameJob(client, workflowId, job));
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
    resolve: (workflowId, decision, { signal } = {}) =>
      untilAborted(signal, () => resolveSend(client, workflowId, decision)),
    audit: (auditOptions = {}) => auditSends(client, taskQueue, auditOptions),
    list: (listOptions = {}) => listSends(client, listOptions, filterContext),
    count: (filter = {}) => countSends(client, filter, filterContext),
    inspect: (workflowId) => inspectSend(client, workflowId),
    watch: (workflowId, watchOptions) => watchSend(createSmsHandle(client, workflowId), watchOptions),
    retry: (workflowId, retryOptions = {}) =>
      untilAborted(retryOptions.signal, () =>
        retrySend(client, workflowId, { taskQueue, recipientKey }, retryOptions),
      ),
    close,
  };
}

function readPayloadKeys(keys: SmsClientOptions['payloadKeys']): readonly PayloadKey[] {
  if (typeof keys !== 'string') return keys;
  if (keys === 'off') return [];
  try {
    return parsePayloadKeys(keys);
  } catch (error) {
    // Its sentence is ours, and quotes nothing: all that is to be said.
    // eslint-disable-next-line preserve-caught-error
    throw new RangeError(`payloadKeys, the worker's SMS_PAYLOAD_KEYS: ${(error as RangeError).message}`);
  }
}
