import Link from 'next/link';
import { redirect } from 'next/navigation';
import { LiveBadge } from '@/components/live-badge';
import { LiveStates } from '@/components/live-states';
import { listLeads, type ListedLead } from '@/lib/leads';
import { requireSession } from '@/lib/session';

export default async function LeadsPage() {
  const session = await requireSession();
  if (session.role !== 'sender') redirect('/held');
  const leads = await listLeads(session);
  const workflowIds = leads.flatMap(({ latestSend }) => latestSend ?? []);
  const hunts = [...new Set(leads.map(({ huntId }) => huntId))];
  return (
    <LiveStates workflowIds={workflowIds}>
      <h1>Leads</h1>
      {hunts.map((hunt) => (
        <Hunt key={hunt} name={hunt} leads={leads.filter(({ huntId }) => huntId === hunt)} />
      ))}
    </LiveStates>
  );
}

function Hunt({ name: hunt, leads }: { name: string; leads: readonly ListedLead[] }) {
  return (
    <div className="table card">
      <table>
        <caption>
          {hunt.replaceAll('-', ' ')} <span className="quiet">{leads.length} leads</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Lead</th>
            <th scope="col">Ad</th>
            <th scope="col">Latest message</th>
          </tr>
        </thead>
        <tbody>
          {leads.map(({ id, name, adTitle, city, latestSend }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={`/leads/${id}`}>{name}</Link>
                <small>{city}</small>
              </th>
              <td>{adTitle}</td>
              <td>
                {latestSend === undefined ? (
                  <span className="quiet">Not written to yet</span>
                ) : (
                  <LiveBadge workflowId={latestSend} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
