'use client';

import { useSmsState } from './live-states';
import { Sentence, When } from './sentence';
import { Badge } from './status';

/** Where one send stands, in full. */
export function LiveCard({ workflowId }: { workflowId: string }) {
  const state = useSmsState(workflowId);
  const isStale = state?.unreachable === true;
  return (
    <div className={isStale ? 'card state stale' : 'card state'} role="status" aria-live="polite">
      <Badge status={state?.status} />
      <p className="sentence">
        {state === undefined ? 'Looking up the send …' : <Sentence text={sentenceOf(state)} />}
      </p>
      {state !== undefined && (
        <dl className="facts">
          {state.startedAt !== undefined && (
            <div>
              <dt>Started</dt>
              <dd>
                <When at={state.startedAt} />
              </dd>
            </div>
          )}
          {state.timestamp !== undefined && (
            <div>
              <dt>Accepted</dt>
              <dd>
                <When at={state.timestamp} />
              </dd>
            </div>
          )}
          {state.sentAt !== undefined && (
            <div>
              <dt>Sent</dt>
              <dd>
                <When at={state.sentAt} />
              </dd>
            </div>
          )}
          {state.messageId !== undefined && (
            <div>
              <dt>Message id</dt>
              <dd className="id">{state.messageId}</dd>
            </div>
          )}
          {state.code !== undefined && (
            <div>
              <dt>Code</dt>
              <dd className="id">{state.code}</dd>
            </div>
          )}
          {state.possibleDuplicateOf !== undefined && (
            <div>
              <dt>May be a second message after</dt>
              <dd className="id">{state.possibleDuplicateOf}</dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}

function sentenceOf(state: NonNullable<ReturnType<typeof useSmsState>>): string {
  if (state.status === 'sent') return 'The phone has sent the message.';
  if (state.status === 'accepted' && state.delivery === undefined)
    return 'The provider has accepted the message, and the phone sends it.';
  if (state.sentence !== undefined) return state.sentence;
  return state.status === undefined ? 'Temporal does not answer yet.' : 'The send is under way.';
}
