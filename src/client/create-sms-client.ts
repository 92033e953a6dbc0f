import { Client } from '@temporalio/client';
import { parsePayloadKeys, type PayloadKey } from '../encryption/payload-keys.js';
import { createRecipientKey, createRecipientKeys } from '../encryption/recipient-key.js';
import { createPayloadCodec } from '../encryption/payload-codec.js';
import { DEFAULT_TASK_QUEUE } from '../domain/names.js';
import { SmsError } from '../domain/errors.js';
import { auditSends } from './audit-sends.js';
import { assertSameJob } from './existing-run.js';
import { inspectSend } from './inspect-send.js';
import { createSendObserver } from './observe-sends.js';
import { openConnection } from '../temporal/open-connection.js';
import { resolveSend } from './resolve-send.js';
import { readSendState } from './send-state.js';
import { createSmsHandle } from './sms-handle.js';
import type { SmsClientOptions } from './client-options.js';
import type { SmsClient } from './sms-client.js';
import { startSend } from './start-send.js';
import type { StartRequest } from './start-request.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { traceStarts } from './trace-starts.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { isTransient, watchSend } from './watch-send.js';

/**
 * What reads phone numbers, and so needs the numbering plans of all countries: loaded at the first
 * call, as a page that only shows sends does without.
 */
const LOADED_LATER = {
  starts: () => import('./start-request.js'),
  lists: () => import('./list-sends.js'),
  retries: () => import('./retry/retry-send.js'),
};

/**
 * Makes a client for the web app. It connects at its first call.
 *
 * @throws RangeError that names the option that is wrong, and quotes nothing of it
 *
 * @example
 * const sms = createSmsClient({ connection: { address: 'localhost:7233' }, payloadKeys: process.env.SMS_PAYLOAD_KEYS });
 */
export function createSmsClient(options: SmsClientOptions): SmsClient {
  const payloadKeys = readPayloadKeys(options.payloadKeys);
  const purpose = readPurpose(options.purpose);
  const follow = readFollow(options.follow);
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

  const observer = createSendObserver({
    read: (workflowId, before) => readSendState(client, workflowId, before),
    awaitEnd: (workflowId, signal) => awaitEnd(client, workflowId, signal),
  });

  /** The run id of the run that does this job, started now or before. */
  async function startOrFind(request: StartRequest): Promise<string> {
    const { workflowId, job } = request;
    return (await startSend(client, taskQueue, request)) ?? (await assertSameJob(client, workflowId, job));
  }

  return {
    async send(job, sendOptions = {}) {
      const { toStartRequest } = await LOADED_LATER.starts();
      const defaults = { defaultRegion, purpose, follow, recipientKey };
      const request = toStartRequest(job, sendOptions, Object.assign(defaults, { nowMs: Date.now() }));
      try {
        const runId = await startOrFind(request);
        return { ...createSmsHandle(client, request.workflowId), runId };
      } catch (error) {
        throw translateTemporalError(error, request.workflowId);
      }
    },
    get: (workflowId) => createSmsHandle(client, workflowId),
    cancel: (workflowId) => cancelSend(client, workflowId),
    resolve: (workflowId, decision, { signal } = {}) =>
      untilAborted(signal, () => resolveSend(client, workflowId, decision)),
    audit: (auditOptions = {}) => auditSends(client, taskQueue, auditOptions),
    async *list(listOptions = {}) {
      const { listSends } = await LOADED_LATER.lists();
      yield* listSends(client, listOptions, filterContext);
    },
    async count(filter = {}) {
      const { countSends } = await LOADED_LATER.lists();
      return await countSends(client, filter, filterContext);
    },
    inspect: (workflowId) => inspectSend(client, workflowId),
    watch: (workflowId, watchOptions) => watchSend(createSmsHandle(client, workflowId), watchOptions),
    observe: observer.observe,
    retry: (workflowId, retryOptions = {}) =>
      untilAborted(retryOptions.signal, async () => {
        const { retrySend } = await LOADED_LATER.retries();
        return await retrySend(client, workflowId, { taskQueue, recipientKey }, retryOptions);
      }),
    close() {
      observer.close();
      return close();
    },
  };
}

async function cancelSend(client: Client, workflowId: string): Promise<void> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    // The server takes a request to cancel a closed run, and does nothing.
    if ((await handle.describe()).status.name !== 'RUNNING') {
      throw new SmsError('NOT_FOUND', {
        workflowId,
        message: 'The send has ended and cannot be cancelled.',
      });
    }
    await handle.cancel();
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

/** However the send ends; rejects if Temporal could not say that. */
async function awaitEnd(client: Client, workflowId: string, signal: AbortSignal): Promise<void> {
  try {
    await createSmsHandle(client, workflowId).result({ signal });
  } catch (error) {
    if (isTransient(error)) throw error;
  }
}

function readPurpose(purpose: SmsClientOptions['purpose']): SmsClientOptions['purpose'] {
  // From JavaScript, anything may come.
  if (![undefined, 'transactional', 'marketing'].includes(purpose))
    throw new RangeError('purpose must be transactional or marketing.');
  return purpose;
}

function readFollow(follow: SmsClientOptions['follow']): SmsClientOptions['follow'] {
  // From JavaScript, anything may come.
  if (![undefined, true, false].includes(follow)) throw new RangeError('follow must be true or false.');
  return follow;
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
