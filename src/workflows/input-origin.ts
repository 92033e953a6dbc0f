import { workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import type { UnprovenOrigin } from '../activities/types.js';
import { originOf } from '../encryption/payload-origin.js';
import { isRestartedCopy } from '../domain/restarted-copy.js';
import { runFailure } from './failures.js';

const REFUSALS = {
  foreign:
    'The input was encrypted for another workflow id and copied into this run. To repeat that send: npx durable-sms retry.',
  restarted: 'The run was started with the copied input of an earlier run: start sends through the client.',
};

/**
 * The failure, VALIDATION_FAILED, of a run whose input was made for another run and copied into
 * this one: it would do again what that run has done. Call this before the run writes a memo.
 */
export function refuseCopy(input: unknown): ApplicationFailure | undefined {
  const origin = originOf(input);
  if (origin === 'foreign') return runFailure('VALIDATION_FAILED', { message: REFUSALS.foreign });
  const { workflowId, memo = {} } = workflowInfo();
  if (origin !== 'bound' || !isRestartedCopy(input, { workflowId, memo })) return undefined;
  return runFailure('VALIDATION_FAILED', { message: REFUSALS.restarted });
}

/** What does not prove that an input was made for this run; undefined if it is bound to it. */
export function unprovenOriginOf(input: unknown): UnprovenOrigin | undefined {
  const origin = originOf(input);
  return origin === 'plain' || origin === 'unbound' ? origin : undefined;
}
