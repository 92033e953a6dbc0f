import { formatTimestamp } from '../timestamp.js';
import type { FollowEnd, FollowState } from './follow-state.js';
import type { PhoneReport, PhoneSign } from './phone-report.js';

/** What people read while a send is followed, with the time of its next check. */
export function describeFollowing(
  { report, failure, lastFailure }: Pick<FollowState, 'report' | 'failure' | 'lastFailure'>,
  nextAtMs: number,
): string {
  const known = failure === undefined ? describeReport(report) : describeFailure(failure.code);
  const earlier =
    failure === undefined && lastFailure !== undefined
      ? ` The phone has failed to send it before (${lastFailure}).`
      : '';
  return `SMSMobileAPI accepted the message. ${known}${earlier} Next check: ${formatTimestamp(nextAtMs)}.`;
}

/** What people read at the end. */
export function describeEnd(end: FollowEnd): string {
  switch (end.kind) {
    case 'sent':
      return 'The phone has sent the message.';
    case 'failed':
      return `The phone failed to send the message: ${end.code}.`;
    case 'unknown':
      return end.reason;
  }
}

/**
 * Why it is not known whether the phone has sent the message, with the phone's last sign of life.
 */
export function whyUnknown(
  { report, failure, lastFailure }: Pick<FollowState, 'report' | 'failure' | 'lastFailure'>,
  phone: PhoneSign | undefined,
): string {
  const code = failure?.code ?? lastFailure;
  const failed = code === undefined ? '' : ` The phone has failed to send it before (${code}).`;
  const sign = phone === undefined ? '' : ` ${describeSign(phone)}`;
  return `It is unknown whether the phone has sent the message. ${describeReport(report)}${failed}${sign}`;
}

/** The phone's last sign of life. */
function describeSign({ online, lastSeenAtMs }: PhoneSign): string {
  const state = online === undefined ? undefined : online ? 'online' : 'offline';
  if (lastSeenAtMs === undefined) {
    return state === undefined
      ? 'The provider does not report when the phone was last seen.'
      : `The provider reports the phone as ${state}.`;
  }
  const seen = `The phone was last seen at ${formatTimestamp(lastSeenAtMs)}`;
  return state === undefined ? `${seen}.` : `${seen}; the provider reports it as ${state}.`;
}

function describeFailure(code: string): string {
  return `The phone failed to send it (${code}); the provider may try again.`;
}

function describeReport(report: PhoneReport | undefined): string {
  switch (report?.kind) {
    case undefined:
      return 'The phone has not been asked yet.';
    case 'unlisted':
      return 'The provider’s sent messages do not list it.';
    case 'unclear':
      return 'The provider’s sent messages contradict themselves about it.';
    case 'unreadable':
      return `The provider’s sent messages could not be read: ${report.reason}.`;
    case 'failed':
      return describeFailure(report.code);
    case 'sent':
      return 'The phone has sent it.';
    case 'pending':
      return 'The phone has not sent it yet.';
  }
}
