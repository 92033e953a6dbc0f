import { isSmsRunErrorCode } from './errors.js';

// What happened to a send, for people; no number, no text.

/** How a request failed; `message` is the sentence of its failure. */
export function describeFailedRequest(failure: {
  readonly code: unknown;
  readonly httpStatus?: unknown;
  readonly providerCode?: unknown;
  readonly message?: string | undefined;
}): string {
  const { code, httpStatus, providerCode, message } = failure;
  const isProven = isSmsRunErrorCode(code) && code !== 'SEND_OUTCOME_UNKNOWN';
  const why = [
    ...(isProven ? [code] : []),
    ...(typeof httpStatus === 'number' ? [`HTTP ${httpStatus}`] : []),
    ...(typeof providerCode === 'string' ? [`provider code ${providerCode}`] : []),
  ].join(', ');
  return [
    `${isProven ? 'not sent' : 'outcome unknown'}${why === '' ? '' : ` (${why})`}`,
    ...(message === undefined ? [] : [message.replace(/^(?:Not|Maybe) sent: /, '').replace(/\.$/, '')]),
  ].join(': ');
}

/** What the sent messages say; without `messageId`, no message is named. */
export function describeSentMessages(said: {
  readonly verdict: string;
  readonly messageId?: string | undefined;
  /** Why the message could not be decided about, or read. */
  readonly reason?: string | undefined;
  /** The code that the phone failed with. */
  readonly failure?: string | undefined;
}): string {
  const { verdict, messageId, reason = '', failure = '' } = said;
  const because = reason === '' ? '' : `: ${reason}`;
  switch (verdict) {
    case 'found': {
      const shown = `show it${messageId === undefined ? '' : ` as message ${messageId}`}`;
      return failure === '' ? shown : `${shown}, which the phone failed to send (${failure})`;
    }
    case 'clean':
      return 'do not show it';
    case 'ambiguous':
      return `do not decide it${because}`;
    default:
      return `could not be read${because}`;
  }
}

/** What one reading for a followed send has shown. */
export function describePhone({ kind, code }: { readonly kind?: unknown; readonly code?: unknown }): string {
  switch (kind) {
    case 'sent':
      return 'The phone has sent it.';
    case 'failed':
      return `The phone failed to send it (${typeof code === 'string' ? code : 'without a code'}).`;
    case 'pending':
      return 'The phone has not sent it yet.';
    case 'unlisted':
      return 'The sent messages do not list it.';
    default:
      return 'The sent messages do not say what the phone did.';
  }
}
