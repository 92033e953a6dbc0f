import type { Evidence, SendOutcome } from '../domain/send-outcome.js';
import { isRecord } from '../domain/is-record.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { parseJson } from './json.js';
import { printableCode, readCode } from './provider-code.js';
import { isProviderError, saysNo, speaksOfKey, speaksOfMessage } from './reply-evidence.js';
import { parseRetryAfterMs } from './retry-after.js';

/** A reply to `POST /sendsms/`, complete or cut off. */
export interface ProviderReply {
  readonly status: number;
  /** The Retry-After header. */
  readonly retryAfter?: string | null;
  /** The body, or as much of it as arrived and was allowed. */
  readonly body: string;
  /** Why `body` is not the whole body, if it is not. */
  readonly cut?: 'too-large' | 'broken';
}

/**
 * What one reply proves. Pure; `nowMs` (epoch) is for a Retry-After that is a date.
 *
 * From the table "What a careful client concludes from one send" in the provider's reference: what
 * is not clearly accepted, and not clearly refused, is unknown.
 */
export function classifyReply(reply: ProviderReply, nowMs: number): SendOutcome {
  const { status } = reply;
  if (status >= 200 && status <= 299) return classifyBody(reply);
  switch (status) {
    case 400:
    case 401:
    case 403:
    case 429:
      return classifyRefusal(reply, nowMs);
    default:
      return { kind: 'unknown', reason: `the reply was HTTP ${status}`, httpStatus: status };
  }
}

/**
 * A 4xx whose body is not the provider's comes from what lies in between: nothing was sent, and
 * nothing is said of the key.
 */
function classifyRefusal(reply: ProviderReply, nowMs: number): SendOutcome {
  const { status, body } = reply;
  const json = parseJson(body);
  const isOfProvider = isRecord(json) && (isRecord(json['result']) || isProviderError(json, status));
  if (isOfProvider && contradictsRefusal(json)) {
    return {
      kind: 'unknown',
      reason: 'the reply refuses the message and also shows it as accepted',
      httpStatus: status,
    };
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfterMs(reply.retryAfter, nowMs);
    return {
      kind: 'not-sent',
      code: 'RATE_LIMITED',
      ...refusal(json, status, 'too many requests'),
      ...omitUndefined({ retryAfterMs }),
    };
  }
  if (!isOfProvider) {
    const reason = `HTTP ${status} in a form that the provider does not use: a firewall, proxy or captive portal may have answered`;
    return { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason, httpStatus: status };
  }
  return status === 400
    ? { kind: 'rejected', code: 'MESSAGE_SEND_FAILED', ...refusal(json, status, 'the request was refused') }
    : { kind: 'rejected', code: 'API_KEY_INVALID', ...refusal(json, status, 'the API key was refused') };
}

/** A result without an error is not a refusal, whatever the status. */
function contradictsRefusal(json: Record<string, unknown>): boolean {
  const { result } = json;
  if (isRecord(result) && (readCode(result['error']) ?? '') === '') return true;
  return speaksOfMessage(json, { refused: true });
}

function classifyBody({ status, body, cut }: ProviderReply): SendOutcome {
  const unknown = (reason: string): SendOutcome => ({ kind: 'unknown', reason, httpStatus: status });
  if (cut === 'too-large') return unknown('the reply was too large');
  if (cut === 'broken') return unknown('the reply was cut off');
  if (body.trim() === '') return unknown('the reply was empty');
  const json = parseJson(body);
  if (!isRecord(json)) return unknown('the reply was not a JSON object');
  const result = json['result'];
  if (!isRecord(result)) return unknown('the reply contained no result');

  const error = readCode(result['error']);
  if (error === undefined) return unknown('the result could not be read');
  if (error === '') {
    const messageId = readId(result['id']);
    if (messageId === undefined) return unknown('the result contained no message id');
    if (readCode(result['sent']) !== '1')
      return unknown('the result did not confirm that the message was accepted');
    return { kind: 'accepted', messageId, httpStatus: status };
  }
  if (saysNo(error)) return unknown('the result reports no error, in an unknown form');
  const providerCode = printableCode(error);
  const evidence: Omit<Evidence, 'reason'> = omitUndefined({ httpStatus: status, providerCode });
  if (speaksOfMessage(json, { refused: error !== '2' })) {
    return {
      kind: 'unknown',
      reason: 'the result reports an error and also shows the message as accepted',
      ...evidence,
    };
  }
  if (speaksOfKey(error)) {
    return { kind: 'rejected', code: 'API_KEY_INVALID', reason: 'the API key was refused', ...evidence };
  }
  if (error === '2') {
    const reason = 'the phone is offline';
    return { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason, lookBeforeRepeat: true, ...evidence };
  }
  return { kind: 'rejected', code: 'MESSAGE_SEND_FAILED', reason: 'the message was refused', ...evidence };
}

/** The evidence of a 4xx; the code is in `error`, or in the `error` of a result. */
function refusal(json: unknown, status: number, reason: string): Evidence {
  const fields = isRecord(json) && isRecord(json['result']) ? json['result'] : json;
  const error = isRecord(fields) ? readCode(fields['error']) : undefined;
  const providerCode = error === undefined ? undefined : printableCode(error);
  return omitUndefined({ reason, httpStatus: status, providerCode });
}

/** An id of a message; PHP's ways to say "none" are none. */
function readId(value: unknown): string | undefined {
  const id = readCode(value);
  return id === '' ? undefined : id;
}
