import { fetchList, type ListRequest } from './fetch-list.js';
import { readMessagesPage, type MessagesPage } from './read-messages-page.js';

/** A request for one page of the list of sent messages. */
export interface MessagesPageRequest extends Omit<ListRequest, 'path' | 'filters'> {
  /** The provider's own way to say how far back the page begins; undefined for the newest rows. */
  readonly before: string | undefined;
}

/** Makes one request for a page; never throws, never follows a redirect. */
export async function fetchMessagesPage({ before, ...request }: MessagesPageRequest): Promise<MessagesPage> {
  const filters = before === undefined ? {} : { before };
  const answer = await fetchList({ ...request, path: 'log/sent/sms/', filters });
  if (answer.kind === 'reply') return readMessagesPage(answer.reply);
  return { ...answer, kind: 'unreadable' };
}
