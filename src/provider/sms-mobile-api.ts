import { setMaxListeners } from 'node:events';
import type { PhonesReading, PhonesRequest } from '../domain/connected-phones.js';
import type { InboxReading, InboxRequest } from '../domain/inbound-messages.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { SendRequest } from '../domain/send-request.js';
import type { SentMessages, SentMessagesRequest } from '../domain/sent-messages.js';
import { classifyReply } from './classify-reply.js';
import { createFetchDeliveries, type FetchDeliveries } from './fetch-deliveries.js';
import { createInboxReader, INBOX_LIMITS, type InboxLimits } from './inbox-reader.js';
import { describeNetworkError, failsBeforeWriting } from './network-errors.js';
import { createPhonesReader } from './phones-reader.js';
import { isEchoOf } from './provider-code.js';
import { readBody } from './read-body.js';
import { redactedExcerpt } from './redacted-excerpt.js';
import {
  createSentMessagesReader,
  SENT_MESSAGES_LIMITS,
  type SentMessagesLimits,
} from './sent-messages-reader.js';
import { createWriteTracker, type RequestProgress } from './write-tracker.js';

/** A client of SMSMobileAPI. */
export interface SmsMobileApi {
  /**
   * Makes one request and returns its outcome; never throws, never repeats, never follows a
   * redirect.
   */
  send(request: SendRequest): Promise<SendOutcome>;
  /** Reads the list of sent messages back to a time; never throws, never follows a redirect. */
  readSentMessages(request: SentMessagesRequest): Promise<SentMessages>;
  /** Makes one request for rows of sent messages; never throws, never follows a redirect. */
  readonly fetchDeliveries: FetchDeliveries;
  /** Reads what people wrote to the phones; never throws, never follows a redirect. */
  readInbox(request: InboxRequest): Promise<InboxReading>;
  /** Reads the list of an account's phones; never throws, never follows a redirect. */
  readPhones(request: PhonesRequest): Promise<PhonesReading>;
  close(): void;
}

/** The limits of one send. */
export interface SmsMobileApiLimits {
  /** Until the connection stands and the request can be written, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** For the request in all, in milliseconds. */
  readonly totalTimeoutMs: number;
  /** A reply of the provider has a few hundred bytes. */
  readonly maxReplyBytes: number;
}

/** The limits unless a caller wants others. */
const SMS_MOBILE_API_LIMITS: SmsMobileApiLimits = {
  connectTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxReplyBytes: 64 * 1024,
};

/**
 * A client of SMSMobileAPI on Node's own `fetch`.
 *
 * @param baseUrl for example https://api.smsmobileapi.com
 */
export function createSmsMobileApi(options: {
  baseUrl: string;
  limits?: Partial<SmsMobileApiLimits>;
  logLimits?: Partial<SentMessagesLimits>;
  inboxLimits?: Partial<InboxLimits>;
}): SmsMobileApi {
  const baseUrl = withTrailingSlash(options.baseUrl);
  const url = new URL('sendsms/', baseUrl);
  const limits = { ...SMS_MOBILE_API_LIMITS, ...options.limits };
  const watch = createWriteTracker(limits);

  async function send(request: SendRequest): Promise<SendOutcome> {
    if (request.signal?.aborted === true) return notSent('the request was aborted');
    const progress: RequestProgress = { observed: false, written: false };
    const abort = new AbortController();
    let refusal: string | undefined;
    const giveUp = (reason: string) => {
      refusal ??= reason;
      abort.abort();
    };
    const mayWrite = () => {
      // undici writes a request again by itself after HTTP 421.
      const reason = progress.written
        ? 'the provider asked for the request twice'
        : request.refuseToWrite?.();
      if (reason !== undefined) giveUp(reason);
      return reason === undefined;
    };
    const connectTimer = setTimeout(() => {
      if (!progress.written) giveUp('no connection within the time-out');
    }, limits.connectTimeoutMs);
    const totalTimer = setTimeout(() => {
      giveUp('no reply within the time-out');
    }, limits.totalTimeoutMs);
    const onAbort = () => {
      giveUp('the request was aborted');
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });
    setMaxListeners(0, abort.signal);
    try {
      const response = await watch.run(progress, mayWrite, () =>
        fetch(url, { ...toFetchOptions(request), signal: abort.signal }),
      );
      const body = await readBody(response, limits.maxReplyBytes);
      const retryAfter = response.headers.get('retry-after');
      const outcome = classifyReply({ status: response.status, retryAfter, ...body }, Date.now());
      const answer = { httpStatus: response.status, excerpt: excerptOf(body.body, request) };
      return { ...withoutEcho(outcome, request), answer };
    } catch (error) {
      const notWritten = progress.observed ? !progress.written : failsBeforeWriting(error);
      const reason = refusal ?? describeNetworkError(error);
      return notWritten ? notSent(reason) : { kind: 'unknown', reason };
    } finally {
      clearTimeout(connectTimer);
      clearTimeout(totalTimer);
      request.signal?.removeEventListener('abort', onAbort);
      // Nothing of the connection outlives the request, also where the body was not read to its
      // end.
      abort.abort();
    }
  }

  return {
    send,
    ...createListReaders(baseUrl, options),
    close() {
      watch.close();
    },
  };
}

function createListReaders(
  baseUrl: string,
  options: { logLimits?: Partial<SentMessagesLimits>; inboxLimits?: Partial<InboxLimits> },
): Pick<SmsMobileApi, 'readSentMessages' | 'fetchDeliveries' | 'readInbox' | 'readPhones'> {
  const limits = { ...INBOX_LIMITS, ...options.inboxLimits };
  const logLimits = { ...SENT_MESSAGES_LIMITS, ...options.logLimits };
  const { pageTimeoutMs: timeoutMs, maxPageBytes: maxBytes } = logLimits;
  return {
    readSentMessages: createSentMessagesReader({ baseUrl, limits: logLimits }),
    fetchDeliveries: createFetchDeliveries({ baseUrl, timeoutMs, maxBytes }),
    readInbox: createInboxReader({ baseUrl, limits }),
    readPhones: createPhonesReader({ baseUrl, limits }),
  };
}

/** For people only: an error in it must not make an answer unknown. */
function excerptOf(body: string, request: SendRequest): string {
  try {
    return redactedExcerpt(body, request);
  } catch {
    return '';
  }
}

function notSent(reason: string): SendOutcome {
  return { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason };
}

/** The outcome without a provider's code that repeats what was sent, word for word or in part. */
function withoutEcho(outcome: SendOutcome, { apiKey, recipientPhone, message }: SendRequest): SendOutcome {
  if (outcome.kind === 'accepted' || outcome.providerCode === undefined) return outcome;
  const { providerCode, ...rest } = outcome;
  const isEcho = [apiKey, recipientPhone, message].some((secret) => isEchoOf(providerCode, secret));
  return isEcho ? rest : outcome;
}

function toFetchOptions(request: SendRequest): RequestInit {
  const body = new URLSearchParams({
    apikey: request.apiKey,
    recipients: request.recipientPhone,
    message: request.message,
    sendsms: '1',
  });
  if (request.sendingPhoneId !== undefined) body.set('sIdentifiant', request.sendingPhoneId);
  if (request.simSlot !== undefined) body.set('port', String(request.simSlot));
  return {
    method: 'POST',
    body,
    redirect: 'manual',
    // If the other side closed a kept-alive connection just as a request is written, the outcome
    // would be unknown.
    headers: { accept: 'application/json', connection: 'close' },
  };
}

function withTrailingSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
