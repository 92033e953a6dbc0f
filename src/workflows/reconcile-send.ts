import { sleep, workflowInfo } from '@temporalio/workflow';
import { addSighting, type Sighting } from '../domain/reconciliation/sightings.js';
import type { SentSmsVerdict } from '../domain/reconciliation/verdict.js';
import type { RunOwner } from '../domain/run-owner.js';
import { checkSentMessages, type SentMessageQuery } from './check-sent-messages.js';
import { refuseCopy, unprovenOriginOf } from './input-origin.js';

/** A send that has ended and may have sent: whose it is, and when its requests were out. */
export interface ReconcileSendInput extends Omit<SentMessageQuery, 'originalRunId' | 'jobOrigin' | 'owner'> {
  readonly owner: RunOwner;
  /**
   * Before this time a row may still appear, so only a message that is found counts; epoch
   * milliseconds.
   */
  readonly believedFromMs: number;
}

/** What the provider's sent messages say of it. */
export type ReconcileSendResult = SentSmsVerdict;

/**
 * Asks the provider whether a send that has ended was sent: at once; if the message is not there,
 * again at the time from which that is believed; and once more if a row must not be claimed yet. It
 * claims the message that it finds for that send. It sends nothing; errors become its result.
 *
 * @throws ApplicationFailure VALIDATION_FAILED for an input that was copied from another run
 */
export async function reconcileSendWorkflow(input: ReconcileSendInput): Promise<ReconcileSendResult> {
  const objection = refuseCopy(input);
  if (objection !== undefined) throw objection;
  const { believedFromMs, ...query } = input;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  const jobOrigin = unprovenOriginOf(input);
  let sightings: readonly Sighting[] = [];
  const ask = async () => {
    const { verdict } = await checkSentMessages({ ...query, originalRunId, jobOrigin }, sightings);
    sightings = addSighting(sightings, verdict, Date.now());
    return verdict;
  };
  const askedAtMs = Date.now();
  let verdict = await ask();
  if (verdict.verdict !== 'found' && askedAtMs < believedFromMs) {
    await sleep(Math.max(1, believedFromMs - Date.now()));
    verdict = await ask();
  }
  if (verdict.verdict !== 'ambiguous' || verdict.unclaimed === undefined) return verdict;
  await sleep(Math.max(1, verdict.unclaimed.claimableInMs));
  return await ask();
}
