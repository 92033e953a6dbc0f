import type { SendDecision } from '../domain/send-decision.js';
import type { SmsJob } from '../domain/sms-job.js';
import type { AuditFinding, AuditOptions } from './audit-sends.js';
import type { SmsInspection } from './inspect-send.js';
import type { ListOptions, SmsListing } from './list-sends.js';
import type { ObserveOptions } from './observe-sends.js';
import type { RetryOptions, RetryOutcome } from './retry/retry-outcome.js';
import type { SendFilter } from './send-filter.js';
import type { SmsState } from './send-state.js';
import type { SmsHandle, SmsStatusReport, WaitOptions } from './sms-handle.js';
import type { SendOptions } from './start-request.js';
import type { WatchOptions } from './watch-send.js';

/** The handle of a send that `send` has started, or has found under its idempotency key. */
export interface StartedSms extends SmsHandle {
  /** Temporal's id of the first run of this workflow id. */
  readonly runId: string;
}

/**
 * Starts sends and follows them. One client serves a whole process, from any number of callers.
 *
 * Two codes can come from every call to Temporal. TEMPORAL_UNAVAILABLE: Temporal did not answer, so
 * call again (`send` with the same idempotency key). TEMPORAL_REFUSED: the set-up is wrong
 * (permission, namespace, a missing search attribute), and the same call fails until somebody
 * changes it.
 *
 * @example
 * const sms = createSmsClient({ connection: { address: 'localhost:7233' }, payloadKeys: process.env.SMS_PAYLOAD_KEYS });
 * const sent = await sms.send({ recipientPhone, message, accountId }, { idempotencyKey: 'lead-42' });
 * console.log((await sent.status()).status); // 'running'
 * await sms.close();
 */
export interface SmsClient {
  /**
   * Starts a send and returns once Temporal has stored it: from then on it is not lost. The same
   * idempotency key and job return the first send's handle, so a caller that is not sure calls
   * again.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED,
   *   IDEMPOTENCY_KEY_REUSED or TEMPORAL_REFUSED: nothing was started, and the same call fails
   *   again
   * @throws SmsError TEMPORAL_UNAVAILABLE: the send may have been started, so try again with the
   *   same idempotency key
   *
   * @example
   * const job = { recipientPhone: '06 39 98 00 42', message: 'Bonjour', accountId, metadata: { leadId: 'lead-42' } };
   * const sent = await sms.send(job, { idempotencyKey: 'lead-42' });
   *
   * @example Try again while Temporal does not answer
   * try {
   *   await sms.send(job, { idempotencyKey: 'lead-42' });
   * } catch (error) {
   *   if (error.code !== 'TEMPORAL_UNAVAILABLE') throw error;
   *   queueForLater(job, 'lead-42'); // the same key: it is one send, however often it is started
   * }
   */
  send(job: SmsJob, options?: SendOptions): Promise<StartedSms>;
  /**
   * The handle of a send that was started before, in this process or elsewhere. Does not check that
   * there is one.
   *
   * @example
   * const { status, code } = await sms.get(workflowId).status();
   */
  get(workflowId: string): SmsHandle;
  /**
   * Cancels a send. It makes no further request to the provider; the answer to a request that is
   * under way still counts. Returns once Temporal has taken the cancellation, not once the send has
   * ended.
   *
   * @throws SmsError NOT_FOUND: there is no such send, or it has ended
   * @throws SmsError TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   *
   * @example
   * await sms.cancel(workflowId);
   */
  cancel(workflowId: string): Promise<void>;
  /**
   * Decides about a send that is held. Before it sends the message again, the run reads the
   * provider's sent messages once more and acts on what they show.
   *
   * @throws SmsError VALIDATION_FAILED: this is not a decision, or it names a message of another
   *   send
   * @throws SmsError NOT_HELD, NOT_FOUND: there is nothing to decide
   * @throws SmsError TEMPORAL_UNAVAILABLE: the decision may have been taken, so read the status
   *   before you try again; TEMPORAL_REFUSED
   * @throws the reason of `options.signal`: the decision may have been taken
   *
   * @example
   * await sms.resolve(workflowId, { sent: true, messageId: '9b1f0c4e' }); // the phone shows it as sent
   * await sms.resolve(workflowId, { resend: true });
   * await sms.resolve(workflowId, { abandon: true });
   */
  resolve(workflowId: string, decision: SendDecision, options?: WaitOptions): Promise<void>;
  /**
   * Reads the provider's sent messages for every send that was sent again: the first message may
   * have turned up since. Needs a worker; sends nothing.
   *
   * @throws SmsError TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   * @throws the reason of `options.signal`
   *
   * @example
   * for await (const { workflowId, possibleDuplicateOf } of sms.audit({ since: yesterday })) {
   *   if (possibleDuplicateOf !== undefined) console.log(`${workflowId} may have been sent twice`);
   * }
   */
  audit(options?: AuditOptions): AsyncIterable<AuditFinding>;
  /**
   * Lists sends: the running ones first, then those that ended, the latest first. Pages are fetched
   * as they are read. A send is listed shortly after it was started, and may be listed twice if it
   * ends while the list is read.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID: the filter is not valid
   * @throws SmsError TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   *
   * @example
   * for await (const { workflowId, code } of sms.list({ status: 'failed', leadId: 'lead-42' })) {
   *   console.log(workflowId, code);
   * }
   */
  list(filter?: ListOptions): AsyncIterable<SmsListing>;
  /**
   * Counts the sends that `list` would list.
   *
   * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID: the filter is not valid
   * @throws SmsError TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   *
   * @example
   * const held = await sms.count({ status: 'held' });
   */
  count(filter?: SendFilter): Promise<number>;
  /**
   * Looks at a send closely: its status, its requests so far, and what it waits for.
   *
   * @throws SmsError NOT_FOUND; ENCRYPTION_KEY_MISSING: its history is encrypted under a key that
   *   `payloadKeys` lacks
   * @throws SmsError TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   *
   * @example
   * const { requests, awaits } = await sms.inspect(workflowId);
   */
  inspect(workflowId: string): Promise<SmsInspection>;
  /**
   * Follows a send to its end: its status now, and again whenever status, code or reason change.
   * Ends when the send ends or the signal is aborted, and then leaves no call behind.
   *
   * @throws SmsError NOT_FOUND, TEMPORAL_REFUSED; TEMPORAL_UNAVAILABLE once Temporal has not
   *   answered 30 times in a row
   *
   * @example
   * for await (const { status, reason } of sms.watch(workflowId)) console.log(status, reason);
   */
  watch(workflowId: string, options?: WatchOptions): AsyncIterable<SmsStatusReport>;
  /**
   * Follows up to 100 sends for a page, which shows their present state: the state of each now, and
   * again after each change, with what the send is doing or waits for. All who observe a send in
   * this process share one poller, and nothing is asked of Temporal once the last of them has
   * stopped. Ends when all sends have ended or the signal is aborted. While Temporal does not
   * answer, the states say `unreachable`. `toEventStream` makes server-sent events of it.
   *
   * @throws SmsError VALIDATION_FAILED: no account, or not 1 to 100 ids
   * @throws SmsError TEMPORAL_REFUSED
   *
   * @example
   * for await (const { workflowId, status, sentence } of sms.observe(workflowIds, { accountId, signal })) {
   *   show(workflowId, status, sentence);
   * }
   */
  observe(workflowIds: readonly string[], options: ObserveOptions): AsyncIterable<SmsState>;
  /**
   * Starts a send again that has ended without being sent: the same job as a new run, `ID-retry-1`.
   * Each send has one retry, however often it is requested; if that one fails, too, its own is
   * `ID-retry-2`. If the old send may have been sent, a worker first reads the provider's sent
   * messages, which can take minutes. A refusal is an outcome, not an error.
   *
   * @throws SmsError NOT_FOUND, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED (another job has its
   *   workflow id), ENCRYPTION_KEY_MISSING or TEMPORAL_REFUSED: nothing was started
   * @throws SmsError TEMPORAL_UNAVAILABLE: it may have been started, so ask again
   * @throws the reason of `options.signal`: it may have been started, so ask again
   *
   * @example
   * const outcome = await sms.retry(workflowId);
   * if (outcome.kind === 'refused') console.log(outcome.reason);
   */
  retry(workflowId: string, options?: RetryOptions): Promise<RetryOutcome>;
  /**
   * Closes the connection. A call that is under way, or made later, fails as TEMPORAL_UNAVAILABLE
   * at once.
   */
  readonly close: () => Promise<void>;
}
