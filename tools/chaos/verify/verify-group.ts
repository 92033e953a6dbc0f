import type { Finding } from './finding.js';
import type { RunReport } from './run-report.js';

/**
 * Judges the jobs with one number and text by the ids of the messages that the phone received for
 * them.
 *
 * A message belongs to the job that names its id, as one does whose phone failed to send it, too.
 * What is left is shared out, one each, to the jobs
 * that it can be of: those that say sent and name no such id, those that never ended, those that
 * leave it open, those that say that nothing was sent (misreported). What is left then is one too
 * many.
 */
export function verifyGroup(group: {
  reports: readonly RunReport[];
  messageIds: readonly string[];
  lateRows: boolean;
}): Finding[] {
  const { reports } = group;
  const findings: Finding[] = [];
  const note = (kind: Finding['kind'], keys: readonly string[], why: string) => {
    findings.push({ kind, keys, why });
  };
  const unowned = new Set(group.messageIds);
  const keys = reports.map(({ key }) => key);
  const unfounded = reports.filter(({ end }) => {
    const id = 'messageId' in end ? end.messageId : undefined;
    return (end.kind === 'sent' || id !== undefined) && !(id !== undefined && unowned.delete(id));
  });
  let left = unowned.size;
  const take = () => left > 0 && left-- > 0;

  for (const { key, end } of unfounded) {
    if (!take()) note('lost', [key], 'reported as sent, but no phone has its message');
    else if ('messageId' in end && end.messageId !== undefined)
      note('wrong-id', [key], 'its message has a different id');
  }
  for (const { key, end, stuckOn } of reports) {
    if (end.kind !== 'open' && end.kind !== 'vanished') continue;
    const state =
      end.kind === 'open'
        ? `never ended${stuckOn === undefined ? '' : `, stuck on ${stuckOn}`}`
        : 'no longer known to the system';
    note('lost', [key], `${state}; ${take() ? 'a phone has its message' : 'no phone has its message'}`);
  }
  const unnamed = reports.filter(({ end }) => !('messageId' in end));
  for (const { end } of unnamed) if ('maybeSent' in end && end.maybeSent) take();
  for (const { key, end } of unnamed) {
    if ('maybeSent' in end && !end.maybeSent && take()) {
      const said = end.kind === 'failed' ? `failed with ${end.code}` : 'cancelled';
      note('misreported', [key], `${said} as not sent, but a phone has its message`);
    }
  }

  let admitted = group.lateRows ? admittedDuplicates(reports) : 0;
  while (take()) {
    if (admitted-- > 0) note('duplicated-by-late-rows', keys, 'its row was late, and the send reports it');
    else note('duplicated', keys, 'one message more than there are jobs');
  }
  return findings;
}

/** How many messages too many the jobs own up to: one for each request that they repeated. */
function admittedDuplicates(reports: readonly RunReport[]): number {
  return reports
    .filter(({ end }) => end.kind === 'sent' && end.saidDuplicate)
    .reduce((sum, { resends }) => sum + resends, 0);
}
