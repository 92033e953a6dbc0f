import 'server-only';
import { and, asc, desc, eq } from 'drizzle-orm';
import { notFound } from 'next/navigation';
import { database } from './database';
import { leads, sends } from './schema';
import type { Session } from './session';

/** A lead as the list shows it: without its number. */
export interface ListedLead {
  readonly id: string;
  readonly huntId: string;
  readonly name: string;
  readonly adTitle: string;
  readonly city: string;
  /** The workflow id of the latest send. */
  readonly latestSend: string | undefined;
}

/** The account's leads. */
export async function listLeads({ accountId }: Session): Promise<ListedLead[]> {
  const latest = database()
    .selectDistinctOn([sends.leadId], { leadId: sends.leadId, workflowId: sends.workflowId })
    .from(sends)
    .orderBy(sends.leadId, desc(sends.number))
    .as('latest');
  const rows = await database()
    .select({
      id: leads.id,
      huntId: leads.huntId,
      name: leads.name,
      adTitle: leads.adTitle,
      city: leads.city,
      latestSend: latest.workflowId,
    })
    .from(leads)
    .leftJoin(latest, eq(latest.leadId, leads.id))
    .where(eq(leads.accountId, accountId))
    .orderBy(asc(leads.huntId), asc(leads.id));
  return rows.map((row) => ({ ...row, latestSend: row.latestSend ?? undefined }));
}

/** A lead of this account, and its latest send; 404 for every other lead. */
export async function findLead(leadId: string, { accountId }: Session) {
  const [lead] = await database()
    .select()
    .from(leads)
    .where(and(eq(leads.id, leadId), eq(leads.accountId, accountId)));
  if (lead === undefined) notFound();
  const [latest] = await database()
    .select()
    .from(sends)
    .where(eq(sends.leadId, leadId))
    .orderBy(desc(sends.number))
    .limit(1);
  return { lead, latest };
}

/** Notes a send, once. */
export async function recordSend(send: {
  workflowId: string;
  leadId: string;
  number: number;
}): Promise<void> {
  await database().insert(sends).values(send).onConflictDoNothing();
}
