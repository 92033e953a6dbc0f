'use client';

import type { SmsState } from 'durable-sms';
import { useRouter } from 'next/navigation';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

/** What is known of the sends of a page, by workflow id. */
interface Live {
  readonly states: ReadonlyMap<string, SmsState>;
  /** The stream is interrupted, or was refused. */
  readonly trouble?: 'interrupted' | 'refused' | undefined;
}

const LiveContext = createContext<Live>({ states: new Map() });

/** Follows the sends of a page in one stream, and brings the rest of the page up to date. */
export function LiveStates({
  workflowIds,
  children,
}: {
  workflowIds: readonly string[];
  children: ReactNode;
}) {
  const router = useRouter();
  const [live, setLive] = useState<Live>({ states: new Map() });
  const query = new URLSearchParams(workflowIds.map((id) => ['id', id])).toString();

  useEffect(() => {
    if (query === '') return undefined;
    const events = new EventSource(`/api/states?${query}`);
    const seen = new Map<string, SmsState>();
    events.onopen = () => {
      setLive(({ states }) => ({ states }));
    };
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const state = JSON.parse(data) as SmsState;
      const before = seen.get(state.workflowId);
      seen.set(state.workflowId, state);
      setLive({ states: new Map(seen) });
      // What the server has rendered, a history above all, is no longer true.
      if (before !== undefined && isOtherwise(before, state)) router.refresh();
    };
    events.onerror = () => {
      const trouble = events.readyState === EventSource.CLOSED ? 'refused' : 'interrupted';
      setLive(({ states }) => ({ states, trouble }));
    };
    // The server says so after the last state; a browser would connect again otherwise.
    events.addEventListener('end', () => {
      events.close();
    });
    return () => {
      events.close();
    };
  }, [query, router]);

  return (
    <LiveContext value={live}>
      <Trouble live={live} />
      {children}
    </LiveContext>
  );
}

function isOtherwise(before: SmsState, now: SmsState): boolean {
  return before.status !== now.status || before.unreachable !== now.unreachable;
}

const NOTICES = {
  interrupted: 'The connection to this page’s server is lost. The page connects again by itself.',
  refused:
    'What became of these messages cannot be shown: Temporal no longer keeps them, or the server failed. Load the page again.',
  unreachable:
    'Temporal does not answer. Messages are safe, and this page catches up by itself; what it shows may be out of date.',
};

function Trouble({ live: { states, trouble } }: { live: Live }) {
  const isUnreachable = [...states.values()].some(({ unreachable }) => unreachable === true);
  const notice = trouble ?? (isUnreachable ? 'unreachable' : undefined);
  return (
    <div role="status" aria-live="polite">
      {notice !== undefined && <p className="notice">{NOTICES[notice]}</p>}
    </div>
  );
}

/** The state of one send, as it is now. */
export function useSmsState(workflowId: string): SmsState | undefined {
  return useContext(LiveContext).states.get(workflowId);
}
