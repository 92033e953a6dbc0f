'use client';

import { useActionState, useId } from 'react';
import { decide } from '@/app/actions';
import { useSmsState } from './live-states';

/** Lets an operator decide about a send, as long as it is held. */
export function Decision({ workflowId }: { workflowId: string }) {
  const [state, action, isPending] = useActionState(decide, {});
  const id = useId();
  if (useSmsState(workflowId)?.status !== 'held') return null;
  return (
    <form action={action} className="card decision">
      <h2>Was it sent?</h2>
      <p>Look at the provider’s list of sent messages, or at the phone, before you decide.</p>
      <input type="hidden" name="workflowId" value={workflowId} />
      <label htmlFor={id}>Message id, if it was sent</label>
      <input id={id} name="messageId" autoComplete="off" aria-describedby={`${id}-error`} />
      <p id={`${id}-error`} role="alert" className="error">
        {state.error}
      </p>
      <div className="row buttons">
        <button type="submit" name="decision" value="sent" disabled={isPending}>
          It was sent
        </button>
        <button type="submit" name="decision" value="resend" className="second" disabled={isPending}>
          Send it again
        </button>
        <button type="submit" name="decision" value="abandon" className="second" disabled={isPending}>
          Give it up
        </button>
      </div>
    </form>
  );
}
