import { toEventStream } from 'durable-sms';
import { currentSession } from '@/lib/session';
import { sms } from '@/lib/sms';

/** The live state of sends, `?id=…&id=…`; of other accounts' sends nothing. */
export async function GET(request: Request): Promise<Response> {
  const session = await currentSession();
  if (session === undefined) return new Response('Sign in first.', { status: 401 });
  const workflowIds = new URL(request.url).searchParams.getAll('id');
  if (workflowIds.length === 0) return new Response('No id.', { status: 400 });
  return await toEventStream(sms(), { workflowIds, accountId: session.accountId, request });
}
