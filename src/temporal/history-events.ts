import type proto from '@temporalio/proto';
import { askAboutRun } from './ask-temporal.js';
import type { TemporalClient } from './runs-options.js';

/** One event of a run's history. */
export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** Names a run; without a run id, the latest under the workflow id. */
export interface RunReference {
  readonly workflowId: string;
  readonly runId?: string;
}

/** All events of a run, as they stand when the first page is read; undefined if there is no such run (any more). */
export async function fetchEvents(
  client: TemporalClient,
  execution: RunReference,
): Promise<HistoryEvent[] | undefined> {
  return await askAboutRun('read the history of a run', async () => {
    const events: HistoryEvent[] = [];
    let nextPageToken: Uint8Array | null = null;
    do {
      const page = await readPage(client, execution, nextPageToken);
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken.length > 0);
    return events;
  });
}

/** The first event of a run; undefined if there is no such run. */
export async function fetchFirstEvent(
  client: TemporalClient,
  execution: RunReference,
): Promise<HistoryEvent | undefined> {
  return await askAboutRun('read the start of a run', async () => {
    const { history } = await readPage(client, execution, null, 1);
    const [first] = history?.events ?? [];
    if (first === undefined) throw new Error('A history without events.');
    return first;
  });
}

function readPage(
  client: TemporalClient,
  execution: RunReference,
  nextPageToken: Uint8Array | null,
  maximumPageSize = 0,
) {
  const { namespace } = client.options;
  return client.workflowService.getWorkflowExecutionHistory({
    ...{ namespace, execution, nextPageToken, maximumPageSize },
  });
}
