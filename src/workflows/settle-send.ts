import { sleep, workflowInfo } from '@temporalio/workflow';
import type { SentSmsVerdict } from '../activities/types.js';
import type { RunOwner } from '../domain/run-owner.js';
import { objectToCopy, unprovenOriginOf } from './input-origin.js';
import { checkSentLog, type SentLogQuery, type Sightings } from './sent-log-check.js';

/** A send that has ended and may have sent: whose it is, and when its requests were out. */
export interface SettleSendInput extends Omit<SentLogQuery, 'originalRunId' | 'jobOrigin' | 'owner'> {
  readonly owner: RunOwner;
  /** Before this moment a row may still turn up, so only a message that is found counts; epoch milliseconds. */
  readonly believedFromMs: number;
}

/** What the gateway's log says of it. */
export type SettleSendResult = SentSmsVerdict;

/**
 * Asks the gateway's log whether a send that has ended was sent: at once, and if the message is not there, once more at the
 * moment from which that is believed; and once more where a row is not to be claimed yet. A message that is found is claimed
 * for that send. Sends nothing; what goes wrong is its result.
 *
 * @throws ApplicationFailure VALIDATION_FAILED for an input that was copied from another run
 */
export async function settleSendWorkflow(input: SettleSendInput): Promise<SettleSendResult> {
  const objection = objectToCopy(input);
  if (objection !== undefined) throw objection;
  const { believedFromMs, ...query } = input;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  const jobOrigin = unprovenOriginOf(input);
  const sightings: Sightings = new Map();
  const ask = async () => (await checkSentLog({ ...query, originalRunId, jobOrigin }, sightings)).verdict;
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
