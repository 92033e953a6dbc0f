import type { Metadata } from 'next';
import Link from 'next/link';
import { Decision } from '@/components/decision';
import { LiveCard } from '@/components/live-card';
import { LiveStates } from '@/components/live-states';
import { requireSession } from '@/lib/session';
import { isUnavailable, statusOfOwnSend } from '@/lib/sms';

export const metadata: Metadata = { title: 'Send' };

export default async function SendPage({ params }: { params: Promise<{ workflowId: string }> }) {
  const workflowId = decodeURIComponent((await params).workflowId);
  const session = await requireSession();
  const leadId = await leadOf(workflowId, session);
  return (
    <LiveStates workflowIds={[workflowId]}>
      <nav aria-label="Breadcrumb" className="crumbs">
        {session.role === 'operator' ? (
          <Link href="/held">Held sends</Link>
        ) : (
          <Link href={leadId === undefined ? '/' : `/leads/${leadId}`}>{leadId ?? 'Leads'}</Link>
        )}
      </nav>
      <h1>{leadId === undefined ? 'Send' : `Send to ${leadId}`}</h1>
      <p className="lede id">{workflowId}</p>
      <LiveCard workflowId={workflowId} />
      {session.role === 'operator' && <Decision workflowId={workflowId} />}
    </LiveStates>
  );
}

/** 404 for a send of another account; the stream checks it again where Temporal does not answer. */
async function leadOf(...send: Parameters<typeof statusOfOwnSend>): Promise<string | undefined> {
  try {
    return (await statusOfOwnSend(...send)).correlationIds.leadId;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}
