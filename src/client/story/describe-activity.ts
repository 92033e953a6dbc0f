import type { Payload } from '@temporalio/common';
import { isSmsRunErrorCode, type SmsRunErrorCode } from '../../domain/errors.js';
import { fieldsOf } from '../../domain/is-record.js';
import { describeFailedRequest, describePhone, describeSentMessages } from '../../domain/story-sentences.js';
import { formatTimestamp } from '../../domain/timestamp.js';
import { step, type Failure, type StoryReader, type SmsStepKind, type UntimedStep } from './sms-step.js';

/** How an activity ended, its payloads still encoded. */
export type EndedActivity =
  | { readonly kind: 'completed'; readonly result: readonly Payload[] | null | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled' };

/** Waits that are shorter are nothing to tell of, in milliseconds. */
const MIN_WAIT_MS = 1_000;

/** What an activity that did not succeed was to do, and the kind of its step. */
const PURPOSES: Partial<Record<string, readonly [SmsStepKind, string]>> = {
  loadEncryptedApiKey: ['key', 'The account’s API key could not be loaded'],
  decryptApiKey: ['key', 'The account’s API key could not be decrypted'],
  reserveMoment: ['waiting', 'When it may be sent could not be found out'],
  findSentSms: ['sent-messages', 'The sent messages could not be read'],
  findDuplicate: ['sent-messages', 'The sent messages could not be read'],
  followSms: ['phone', 'What the phone did could not be read'],
};

/** What was found out, and ends the run with its own step. */
const END_CODES = new Set<string>(['RECIPIENT_OPTED_OUT', 'MESSAGE_EXPIRED'] satisfies SmsRunErrorCode[]);

/** The step that an activity's end is; undefined where it is none for people. */
export async function describeActivityEnd(
  { type, request }: { readonly type: string; readonly request: number },
  end: EndedActivity,
  atMs: number,
  reader: StoryReader,
): Promise<UntimedStep | undefined> {
  if (request > 0) return step('request', `Request ${request}: ${await describeAnswer(end, reader)}.`);
  if (end.kind === 'completed') return describeResult(type, fieldsOf(await reader.first(end.result)), atMs);
  if (end.kind === 'failed' && type === 'reserveMoment' && END_CODES.has(codeOf(end.failure)))
    return undefined;
  const [kind, sentence] = PURPOSES[type] ?? [];
  if (kind === undefined || sentence === undefined) return undefined;
  return step(kind, `${sentence}: ${end.kind === 'failed' ? codeOf(end.failure) : end.kind}.`);
}

async function describeAnswer(end: EndedActivity, reader: StoryReader): Promise<string> {
  if (end.kind === 'cancelled') return 'cancelled before it began';
  if (end.kind === 'timed-out') return 'outcome unknown, the worker gave no answer in time';
  if (end.kind === 'completed') {
    const { messageId } = fieldsOf(await reader.first(end.result));
    return typeof messageId === 'string' && messageId !== ''
      ? `accepted as message ${messageId}`
      : 'accepted';
  }
  const { type: code, details } = end.failure.applicationFailureInfo ?? {};
  const { httpStatus, providerCode } = fieldsOf(await reader.first(details?.payloads));
  const message = isSmsRunErrorCode(code) ? await reader.message(end.failure) : undefined;
  return describeFailedRequest({ code, httpStatus, providerCode, message });
}

function describeResult(
  type: string,
  result: Readonly<Record<string, unknown>>,
  atMs: number,
): UntimedStep | undefined {
  const text = (name: string) => (typeof result[name] === 'string' ? result[name] : '');
  switch (type) {
    case 'reserveMoment': {
      const { waitMs } = result;
      if (typeof waitMs !== 'number' || waitMs < MIN_WAIT_MS) return undefined;
      const until = `Waits until ${formatTimestamp(atMs + waitMs)}`;
      return step('waiting', text('reason') === '' ? `${until}.` : `${until}: ${text('reason')}.`);
    }
    case 'findSentSms':
      return step(
        'sent-messages',
        `The sent messages ${describeSentMessages({
          verdict: text('verdict'),
          messageId: text('messageId'),
          reason: text('reason'),
          failure: text('failure'),
        })}.`,
      );
    case 'findDuplicate':
      return text('possibleDuplicateOf') === ''
        ? undefined
        : step('sent-messages', `The sent messages show a second one: ${text('possibleDuplicateOf')}.`);
    case 'followSms':
      return step('phone', describePhone(fieldsOf(result['report'])));
    default:
      return undefined;
  }
}

function codeOf({ applicationFailureInfo }: Failure): string {
  const { type } = applicationFailureInfo ?? {};
  return isSmsRunErrorCode(type) ? type : 'an error without a code';
}
