import {
  ActivityCancellationType,
  CancellationScope,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { READ_INBOX } from '../domain/names.js';

/** Whose inbox is read. */
export interface InboxInput {
  readonly accountId: string;
}

const { readInbox } = proxyActivities<Activities>({
  summary: 'Reads the inbox for up to ten minutes',
  startToCloseTimeout: '40 minutes',
  heartbeatTimeout: '12 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** A reading has just begun: who asks for one is served by it; in milliseconds. */
const RECENT_MS = 15_000;

/** So many activities fit into one history. */
const MAX_ACTIVITIES = 500;

/**
 * Reads an account's inbox, so that who opts out is known, as long as the account writes to people:
 * more often after a request. Ends when the account has written to nobody for 30 days; the next
 * marketing message starts it again.
 */
export async function inboxWorkflow({ accountId }: InboxInput): Promise<void> {
  const state = { isAsked: false, beganMs: 0, reading: new CancellationScope() };
  setHandler(defineSignal(READ_INBOX), () => {
    if (Date.now() - state.beganMs < RECENT_MS) return;
    state.isAsked = true;
    state.reading.cancel();
  });
  for (let count = 0; count < MAX_ACTIVITIES; count++) {
    if (count > 0 && workflowInfo().continueAsNewSuggested) break;
    Object.assign(state, { isAsked: false, beganMs: Date.now(), reading: new CancellationScope() });
    try {
      const { isIdle } = await state.reading.run(() => readInbox({ accountId }));
      if (isIdle && !state.isAsked) return;
    } catch (error) {
      if (!isCancellation(error) || !state.isAsked) throw error;
    }
  }
  await continueAsNew<typeof inboxWorkflow>({ accountId });
}
