import type { SmsListStatus } from 'durable-sms';

/** What people read of a status, and how it looks. */
const LOOKS: Record<SmsListStatus | 'not-found', { label: string; tone: string }> = {
  running: { label: 'Under way', tone: 'busy' },
  waiting: { label: 'Waiting', tone: 'busy' },
  checking: { label: 'Checking', tone: 'wait' },
  held: { label: 'Needs a decision', tone: 'wait' },
  accepted: { label: 'Accepted', tone: 'good' },
  resent: { label: 'Accepted, sent again', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'quiet' },
  terminated: { label: 'Terminated', tone: 'quiet' },
  sent: { label: 'Sent', tone: 'good' },
  'timed-out': { label: 'Timed out', tone: 'bad' },
  'not-found': { label: 'Not found', tone: 'quiet' },
};

/** A status as a badge. */
export function Badge({ status }: { status: SmsListStatus | 'not-found' | undefined }) {
  const { label, tone } = status === undefined ? { label: 'Loading', tone: 'quiet' } : LOOKS[status];
  return <span className={`badge ${tone}`}>{label}</span>;
}
