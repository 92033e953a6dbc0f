'use client';

import type { SmsListStatus } from 'durable-sms';
import { useSmsState } from './live-states';
import { Sentence } from './sentence';
import { Badge } from './status';

const HELD = 'It may have been sent. An operator decides what happens next.';

/** The live state of a send in a row of the list. */
export function LiveBadge({ workflowId }: { workflowId: string }) {
  const state = useSmsState(workflowId);
  const isStale = state?.unreachable === true;
  return (
    <div className={isStale ? 'state stale' : 'state'}>
      <Badge status={state?.status} />
      {state?.sentence !== undefined && (state.status !== 'accepted' || state.delivery !== undefined) && (
        <p className="sentence">
          <Sentence text={state.status === 'held' ? HELD : state.sentence} />
        </p>
      )}
    </div>
  );
}

/** The badge of a send in a history, which knows an older status. */
export function HistoryBadge({ workflowId, status }: { workflowId: string; status: SmsListStatus }) {
  const now = useSmsState(workflowId)?.status;
  // A list says more than a state of what was sent again.
  return <Badge status={now === undefined || status === 'resent' ? status : now} />;
}
