import type { ListOptions, SmsListing } from 'durable-sms';
import Link from 'next/link';
import { isUnavailable, sms } from '@/lib/sms';
import { HistoryBadge } from './live-badge';
import { When } from './sentence';

const MAX_LISTED = 20;

/** Sends as Temporal lists them, by their search attributes: no number and no text among them. */
export async function History({
  filter,
  empty,
}: {
  filter: ListOptions & { accountId: string };
  empty: string;
}) {
  const sends = await listSends(filter);
  if (sends === undefined)
    return <p className="quiet">The list is not available while Temporal does not answer.</p>;
  if (sends.length === 0) return <p className="quiet">{empty}</p>;
  return (
    <ul className="history">
      {sends.map(({ workflowId, runId, status, code, startedAt, correlationIds }) => (
        <li key={runId}>
          <Link href={`/sends/${encodeURIComponent(workflowId)}`}>
            <When at={startedAt} />
            <span className="visually-hidden">: send to {correlationIds.leadId}</span>
          </Link>
          <span className="quiet">{correlationIds.leadId}</span>
          <HistoryBadge workflowId={workflowId} status={status} />
          {code !== undefined && <span className="id">{code}</span>}
        </li>
      ))}
    </ul>
  );
}

async function listSends(filter: ListOptions): Promise<SmsListing[] | undefined> {
  const sends: SmsListing[] = [];
  try {
    for await (const send of sms().list({ ...filter, pageSize: MAX_LISTED })) {
      sends.push(send);
      if (sends.length === MAX_LISTED) break;
    }
    return sends;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}
