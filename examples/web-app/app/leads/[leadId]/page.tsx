import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { Compose } from '@/components/compose';
import { History } from '@/components/history';
import { LiveCard } from '@/components/live-card';
import { LiveStates } from '@/components/live-states';
import { findLead } from '@/lib/leads';
import { requireRole } from '@/lib/session';

interface Props {
  readonly params: Promise<{ leadId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { leadId } = await params;
  return { title: leadId };
}

export default async function LeadPage({ params }: Props) {
  const { leadId } = await params;
  const session = await requireRole('sender');
  const { lead, latest } = await findLead(leadId, session);
  const number = (latest?.number ?? 0) + 1;
  return (
    <LiveStates workflowIds={latest === undefined ? [] : [latest.workflowId]}>
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link href="/">Leads</Link>
      </nav>
      <h1>{lead.name}</h1>
      <p className="lede">
        {lead.adTitle} · {lead.city} · <span className="id">{lead.phone}</span>
      </p>
      {latest !== undefined && (
        <section aria-labelledby="latest">
          <h2 id="latest">Latest message</h2>
          <LiveCard workflowId={latest.workflowId} />
        </section>
      )}
      <section aria-labelledby="write">
        <h2 id="write">{number === 1 ? 'Write' : 'Write again'}</h2>
        {/* A new number is a new form: what was typed for the send before is gone. */}
        <Compose key={number} leadId={leadId} number={number} name={lead.name} />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">History</h2>
        <Suspense fallback={<p className="quiet">Loading …</p>}>
          <History filter={{ accountId: session.accountId, leadId }} empty="No message yet." />
        </Suspense>
      </section>
    </LiveStates>
  );
}
